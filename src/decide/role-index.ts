/** Who holds which role, on which server, at which moment. */
import { alikeOf, implicitRole } from './alikes.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { changedGrants, gatherGrants, grantsIn, isForServer, listOf, MAX_LINKS } from './grant-table.ts';
import { keysIn, lookUp, valuesIn } from './compiled/persistent-map.ts';
import type { Clock } from '../core/clock.ts';
import type { Changed, GrantRecord } from '../core/policy.ts';
import type { GrantsBySubject, GrantTable } from './grant-table.ts';
import type { Steps } from './in-turns.ts';

const MAX_CACHED = 4096;

/** What a subject is and holds. */
interface Holding {
  /** The subject itself, then each role it holds. */
  readonly held: readonly Link[];
  /** The same by name where they are many. */
  readonly byName: ReadonlyMap<string, Link> | undefined;
}

/** Everything a subject is and holds on one server; true for `from <= now < until`, and always where no grant looks at the clock. */
export interface Closure extends Holding {
  /** Whether others share it: the asker has no name in it then, and their own grants no ids. */
  readonly isShared: boolean;
  readonly from: number;
  /** Epoch milliseconds at which a grant it rests on starts or ends; `Infinity` when none does. */
  readonly until: number;
}

/** Something that is held, and how the asker came to it. */
export interface Link {
  readonly name: string;
  /** The link one nearer to the asker; `undefined` for the asker. */
  readonly by: Link | undefined;
  /**
   * Id of the grant; `null` for the asker and for roles that are held without a grant. Where the closure is shared and the
   * grant is the asker's own, its place among theirs.
   */
  readonly grant: number | null;
  readonly depth: number;
}

/** The grants of one revision; every version stays. */
export interface RoleIndex {
  /** What `subject` holds on `server` at `now`; remembered. `*` as server counts only the grants for any server. */
  closure(subject: string, server: string, now: number): Closure;
  /** The same for whoever remembers it themselves. */
  follow(subject: string, server: string, now: number): Closure;
  /** The same for all who have what `alike` gives for `subject`: in it the asker has no name. */
  followAlike(subject: string, server: string, now: number): Closure;
  /** Equal for subjects that hold the same at all times; `undefined` for those that share it with nobody. */
  alike(subject: string): number | undefined;
  /** The grants of one subject, by id. */
  grantsOf(subject: string): readonly GrantRecord[];
  /** Everybody who holds something. */
  subjects(): Iterable<string>;
  /** Every grant that starts or ends. */
  timed(): Iterable<GrantRecord>;
  /** The earliest start or end, epoch milliseconds; `Infinity` when there is none. */
  readonly nextMoment: number;
  /** Every grant, by id. Slow. */
  all(): readonly GrantRecord[];
  readonly size: number;
  /** The index with other grants; `undefined` where chains of roles may be wrong, so that all must be checked together. */
  after(change: Changed<GrantRecord>): RoleIndex | undefined;
}

/** An index over grants that were checked, in steps. */
export function* indexRoles(groups: GrantsBySubject): Steps<RoleIndex> {
  return roleIndexOf(yield* gatherGrants(groups));
}

function roleIndexOf(table: GrantTable): RoleIndex {
  const cache = createBoundedCache<Closure>(MAX_CACHED);
  return {
    closure(subject, server, now) {
      // the length first, so that no two pairs have the same key
      const key = `${subject.length} ${subject}${server}`;
      const cached = cache.get(key);
      if (cached !== undefined && cached.from <= now && now < cached.until) return cached;
      const closure = follow(table, { subject, server, now });
      cache.set(key, closure);
      return closure;
    },
    follow: (subject, server, now) => follow(table, { subject, server, now }),
    followAlike: (subject, server, now) => follow(table, { subject, server, now, isShared: true }),
    alike(subject) {
      const list = lookUp(table.bySubject, subject);
      return list === undefined ? alikeOf(table.alikes, subject, NO_GRANTS) : list.alike;
    },
    grantsOf: (subject) => lookUp(table.bySubject, subject)?.grants ?? [],
    subjects: () => keysIn(table.bySubject),
    timed: () => valuesIn(table.timed),
    nextMoment: table.nextMoment,
    all: () => grantsIn(table),
    size: table.size,
    after(change) {
      if (change.added.length + change.removed.length === 0) return this;
      const changed = changedGrants(table, change);
      return changed && roleIndexOf(changed);
    },
  };
}

/** The `holds` of `g` over an index. */
export function holdsOver(
  roles: RoleIndex,
  model: { readonly roleArity: number },
  clock: Clock,
): (subject: string, role: string, server: string) => boolean {
  return (subject, role, server) =>
    linkTo(roles.closure(subject, serverOf(model, { server }), clock.now()), role) !== undefined;
}

/** Whether a closure is true at the moment. The clock, a tenth of what a verdict takes, is only read where it matters. */
export function isTrueNow({ from, until }: Closure, clock: Clock): boolean {
  if (from === Number.NEGATIVE_INFINITY) return true;
  const now = clock.now();
  return from <= now && now < until;
}

/** The server whose grants count: where `g` has no server, only grants for any server are there. */
export function serverOf(model: { readonly roleArity: number }, asker: { readonly server: string }): string {
  return model.roleArity === 3 ? asker.server : '*';
}

/** The link to `name`; `undefined` when it is not held. */
export function linkTo({ held, byName }: Holding, name: string): Link | undefined {
  if (byName !== undefined) return byName.get(name);
  for (const link of held) if (link.name === name) return link;
  return undefined;
}

/** How an asker came to what they hold, where others may share the closure. */
export interface Path {
  readonly closure: Closure;
  /** The grants of the asker. */
  readonly own: readonly GrantRecord[];
}

/** Ids of the grants that lead from the asker to `role`, nearest first; empty when none was needed. */
export function grantsTo({ closure, own }: Path, role: string): readonly number[] {
  const link = linkTo(closure, role);
  return link === undefined ? NO_IDS : idsOn(link, closure.isShared, own);
}

const NO_IDS: readonly number[] = [];

function idsOn(
  { by, grant, depth }: Link,
  isShared: boolean,
  own: readonly GrantRecord[],
): readonly number[] {
  if (by === undefined) return NO_IDS;
  const nearer = idsOn(by, isShared, own);
  const id = isShared && depth === 1 && grant !== null ? own[grant]?.id : grant;
  if (id === null || id === undefined) return nearer;
  return nearer.length === 0 ? [id] : [...nearer, id];
}

interface Following {
  readonly subject: string;
  readonly server: string;
  readonly now: number;
  /** Whether others share it: the asker has no name then, and their grants no ids. */
  readonly isShared?: boolean;
}

const NO_GRANTS: readonly GrantRecord[] = [];
/** Links that are looked through one by one for a name. */
const MAX_LOOKED_THROUGH = 16;

/** Breadth first, so that each role is reached over the fewest links. */
function follow(table: GrantTable, { subject, server, now, isShared = false }: Following): Closure {
  const own: Link = { name: isShared ? '' : subject, by: undefined, grant: null, depth: 0 };
  const found: Growing = { held: [own], byName: undefined };
  let [from, until] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const by of found.held) {
    if (by.depth === MAX_LINKS) continue;
    const name = by === own ? subject : by.name;
    const implicit = implicitRole(name);
    if (implicit !== undefined) add(found, { name: implicit, by, grant: null });
    const grants = listOf(table, name)?.grants ?? NO_GRANTS;
    for (const grant of grants) {
      if (!isForServer(grant, server)) continue;
      const { startsAt, expiresAt } = grant;
      if (startsAt !== null || expiresAt !== null) from = now;
      if (startsAt !== null && startsAt > now) {
        if (expiresAt === null || expiresAt > startsAt) until = Math.min(until, startsAt);
      } else if (expiresAt === null || expiresAt > now) {
        if (expiresAt !== null) until = Math.min(until, expiresAt);
        add(found, {
          name: grant.role,
          by,
          grant: isShared && by === own ? grants.indexOf(grant) : grant.id,
        });
      }
    }
  }
  return { held: found.held, byName: found.byName, isShared, from, until };
}

interface Growing extends Holding {
  readonly held: Link[];
  byName: Map<string, Link> | undefined;
}

function add(found: Growing, { name, by, grant }: Omit<Link, 'depth'>): void {
  if (linkTo(found, name) !== undefined) return;
  const link = { name, by, grant, depth: (by?.depth ?? 0) + 1 };
  found.held.push(link);
  if (found.byName !== undefined) found.byName.set(name, link);
  else if (found.held.length > MAX_LOOKED_THROUGH)
    found.byName = new Map(found.held.map((each) => [each.name, each]));
}
