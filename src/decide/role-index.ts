/** Who holds which role, on which server, at which moment. */
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { isGuest } from '../core/names.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { atOnce, STEP } from './in-turns.ts';
import type { GrantRecord } from '../core/policy.ts';
import type { Steps } from './in-turns.ts';

/** Casbin follows a chain of roles over at most this many links. */
export const MAX_LINKS = 10;
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

export interface RoleIndex {
  /** What `subject` holds on `server` at `now`. `*` as server counts only the grants for any server. */
  closure(subject: string, server: string, now: number): Closure;
}

/** An index over `grants`. */
export function createRoleIndex(grants: readonly GrantRecord[]): RoleIndex {
  return atOnce(indexRoles(grants));
}

/** As `createRoleIndex`, in steps. */
export function* indexRoles(grants: readonly GrantRecord[]): Steps<RoleIndex> {
  const bySubject = yield* groupBySubject(grants);
  const cache = createBoundedCache<Closure>(MAX_CACHED);
  return {
    closure(subject, server, now) {
      // the length first, so that no two pairs have the same key
      const key = `${subject.length} ${subject}${server}`;
      const cached = cache.get(key);
      if (cached !== undefined && cached.from <= now && now < cached.until) return cached;
      const closure = follow(bySubject, subject, server, now);
      cache.set(key, closure);
      return closure;
    },
  };
}

/** The role a subject holds without any grant, or `undefined`: everybody signed in is `role:everyone`, guests are `anonymous`. */
export function implicitRole(subject: string): string | undefined {
  if (isGuest(subject)) return ANONYMOUS;
  return subject === '' || subject === ANONYMOUS || subject.includes(':') ? undefined : EVERYONE_ROLE;
}

/** Whether a grant counts on `server`. */
export function isForServer(grant: { readonly server: string }, server: string): boolean {
  return grant.server === server || grant.server === '*';
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

function* groupBySubject(grants: readonly GrantRecord[]): Steps<ReadonlyMap<string, readonly GrantRecord[]>> {
  const groups = new Map<string, GrantRecord[]>();
  for (const [index, grant] of grants.entries()) {
    if (index % STEP === 0) yield;
    const group = groups.get(grant.subject);
    if (group === undefined) groups.set(grant.subject, [grant]);
    else group.push(grant);
  }
  return groups;
}

/** Breadth first, so that each role is reached over the fewest links. */
function follow(
  bySubject: ReadonlyMap<string, readonly GrantRecord[]>,
  subject: string,
  server: string,
  now: number,
): Closure {
  const held = new Map<string, Link>([[subject, { by: '', grant: null, depth: 0 }]]);
  let until = Number.POSITIVE_INFINITY;
  for (const [name, { depth }] of held) {
    if (depth === MAX_LINKS) continue;
    const add = (role: string, grant: number | null) => {
      if (!held.has(role)) held.set(role, { by: name, grant, depth: depth + 1 });
    };
    const implicit = implicitRole(name);
    if (implicit !== undefined) add(implicit, null);
    for (const grant of bySubject.get(name) ?? []) {
      if (!isForServer(grant, server)) continue;
      const { startsAt, expiresAt } = grant;
      if (startsAt !== null && startsAt > now) {
        if (expiresAt === null || expiresAt > startsAt) until = Math.min(until, startsAt);
      } else if (expiresAt === null || expiresAt > now) {
        if (expiresAt !== null) until = Math.min(until, expiresAt);
        add(grant.role, grant.id);
      }
    }
  }
  return { held, from: now, until };
}
