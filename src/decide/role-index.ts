/** Who holds which role, on which server, at which moment. */
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { isGuest } from '../core/names.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { changedGrants, gatherGrants, grantsIn, isForServer, MAX_LINKS } from './grant-table.ts';
import { keysIn, lookUp, valuesIn } from './compiled/persistent-map.ts';
import type { Clock } from '../core/clock.ts';
import type { Changed, GrantRecord } from '../core/policy.ts';
import type { GrantsBySubject, GrantTable } from './grant-table.ts';
import type { Steps } from './in-turns.ts';

const MAX_CACHED = 4096;

/** Everything a subject is and holds on one server; true for `from <= now < until`. */
export interface Closure {
  /** The subject itself and each role it holds, with the grant that gave it and to whom. */
  readonly held: ReadonlyMap<string, Link>;
  readonly from: number;
  /** Epoch milliseconds at which a grant it rests on starts or ends; `Infinity` when none does. */
  readonly until: number;
}

/** How somebody came to a role. */
export interface Link {
  /** The subject one link nearer to the asker; `''` for the asker. */
  readonly by: string;
  /** Id of the grant; `null` for the asker and for roles that are held without a grant. */
  readonly grant: number | null;
  readonly depth: number;
}

/** The grants of one revision; every version stays. */
export interface RoleIndex {
  /** What `subject` holds on `server` at `now`; remembered. `*` as server counts only the grants for any server. */
  closure(subject: string, server: string, now: number): Closure;
  /** The same for whoever remembers it themselves. */
  follow(subject: string, server: string, now: number): Closure;
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
    roles.closure(subject, serverOf(model, { server }), clock.now()).held.has(role);
}

/** The server whose grants count: where `g` has no server, only grants for any server are there. */
export function serverOf(model: { readonly roleArity: number }, asker: { readonly server: string }): string {
  return model.roleArity === 3 ? asker.server : '*';
}

/** The role a subject holds without any grant, or `undefined`: everybody signed in is `role:everyone`, guests are `anonymous`. */
export function implicitRole(subject: string): string | undefined {
  if (isGuest(subject)) return ANONYMOUS;
  return subject === '' || subject === ANONYMOUS || subject.includes(':') ? undefined : EVERYONE_ROLE;
}

/** Ids of the grants that lead from the asker to `role`, nearest first; empty when none was needed. */
export function grantsTo(closure: Closure, role: string): number[] {
  const ids: number[] = [];
  for (let name = role, link = closure.held.get(name); link !== undefined && link.by !== '';) {
    if (link.grant !== null) ids.unshift(link.grant);
    name = link.by;
    link = closure.held.get(name);
  }
  return ids;
}

interface Following {
  readonly subject: string;
  readonly server: string;
  readonly now: number;
}

const NO_GRANTS: readonly GrantRecord[] = [];

/** Breadth first, so that each role is reached over the fewest links. */
function follow({ bySubject }: GrantTable, { subject, server, now }: Following): Closure {
  const held = new Map<string, Link>([[subject, { by: '', grant: null, depth: 0 }]]);
  let until = Number.POSITIVE_INFINITY;
  for (const [name, { depth }] of held) {
    if (depth === MAX_LINKS) continue;
    const implicit = implicitRole(name);
    if (implicit !== undefined && !held.has(implicit))
      held.set(implicit, { by: name, grant: null, depth: depth + 1 });
    for (const grant of lookUp(bySubject, name)?.grants ?? NO_GRANTS) {
      if (!isForServer(grant, server)) continue;
      const { startsAt, expiresAt } = grant;
      if (startsAt !== null && startsAt > now) {
        if (expiresAt === null || expiresAt > startsAt) until = Math.min(until, startsAt);
      } else if (expiresAt === null || expiresAt > now) {
        if (expiresAt !== null) until = Math.min(until, expiresAt);
        if (!held.has(grant.role)) held.set(grant.role, { by: name, grant: grant.id, depth: depth + 1 });
      }
    }
  }
  return { held, from: now, until };
}
