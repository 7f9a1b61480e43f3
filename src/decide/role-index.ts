/** Who holds which role, on which server, at which moment. */
import { alikeOf } from './alikes.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { BY_ASKER, followAlike, followFrom, followRoles, NO_GRANT, placeOf } from './follow-roles.ts';
import { changedGrants } from './change-grants.ts';
import { gatherGrants } from './gather-grants.ts';
import { grantsIn, mostHeld } from './grant-table.ts';
import { keysIn, lookUp, valuesIn } from './compiled/persistent-map.ts';
import { itemAt } from './compiled/persistent-array.ts';
import { spend } from './effort.ts';
import { createRoleNumbers } from './role-numbers.ts';
import type { Clock } from '../core/clock.ts';
import type { Changed, GrantRecord } from '../core/policy.ts';
import type { Closure } from './follow-roles.ts';
import type { GrantsBySubject, GrantTable } from './grant-table.ts';
import type { Steps } from './in-turns.ts';
import type { RoleNumbers } from './role-numbers.ts';

const MAX_CACHED = 4096;
/** Closures of very many roles, which are large. */
const MAX_LARGE = 64;
/** Roles of one asker that are very many. */
export const MANY_ROLES = 256;
const STEPS_OF_CALL = 10;

/** The grants of one revision; every version stays. */
export interface RoleIndex {
  /** The numbers closures have roles by. */
  readonly numbers: RoleNumbers;
  /** What `subject` holds on `server` at `now`; remembered. `*` as server counts only the grants for any server. */
  closure(subject: string, server: string, now: number): Closure;
  /** The same for whoever remembers it themselves. */
  follow(subject: string, server: string, now: number): Closure;
  /** What all hold who have this number from `holdings`. */
  followAlike(alike: number, server: string, now: number): Closure;
  /** Some roles and all that these imply, by name. */
  impliedBy(roles: readonly string[], server: string, now: number): ReadonlySet<string>;
  /** What `subject` was granted. */
  holdings(subject: string): Holdings;
  /** The names of the roles of a closure, those that are reached over fewer links first. */
  namesOf(closure: Closure): string[];
  /** Whether a closure holds `name`, or is that of `name`. */
  isIn(closure: Closure, name: string): boolean;
  /** Ids of the grants that lead from the asker to `role`, nearest first; empty when none was needed. */
  grantsTo(path: Path, role: number): readonly number[];
  /** The grants of one subject, by id. */
  grantsOf(subject: string): readonly GrantRecord[];
  /** Everybody who holds something. */
  subjects(): Iterable<string>;
  /** Every grant that starts or ends. */
  timed(): Iterable<GrantRecord>;
  /** The earliest start or end, epoch milliseconds; `Infinity` when there is none. */
  readonly nextMoment: number;
  /** How many roles anybody holds at most: never too few. */
  readonly mostHeld: number;
  /** Every grant, by id. Slow. */
  all(): readonly GrantRecord[];
  readonly size: number;
  /** The index with other grants; `undefined` where chains of roles may be wrong, so that all must be checked together. */
  after(change: Changed<GrantRecord>): RoleIndex | undefined;
}

/** The grants of one subject. */
export interface Holdings {
  /** By id. */
  readonly grants: readonly GrantRecord[];
  /** Equal for subjects that hold the same at all times; `undefined` for those that share it with nobody. */
  readonly alike: number | undefined;
}

/** How an asker came to what they hold, where others may share the closure. */
export interface Path {
  readonly closure: Closure;
  /** The grants of the asker. */
  readonly own: readonly GrantRecord[];
}

/** An index over grants that were checked, in steps. */
export function* indexRoles(groups: GrantsBySubject): Steps<RoleIndex> {
  return roleIndexOf(yield* gatherGrants(groups, createRoleNumbers()));
}

function roleIndexOf(table: GrantTable): RoleIndex {
  const small = createBoundedCache<Closure>(MAX_CACHED);
  const large = createBoundedCache<Closure>(MAX_LARGE);
  const { numbers } = table;
  return {
    numbers,
    closure(subject, server, now) {
      // the length first, so that no two pairs have the same key
      const key = `${subject.length} ${subject}${server}`;
      const cached = small.get(key) ?? large.get(key);
      if (cached !== undefined && cached.from <= now && now < cached.until) return cached;
      const closure = followRoles(table, { subject, server, now });
      (closure.roles.length > MANY_ROLES ? large : small).set(key, closure);
      return closure;
    },
    follow: (subject, server, now) => followRoles(table, { subject, server, now }),
    followAlike: (alike, server, now) => followAlike(table, alike, { server, now }),
    impliedBy: (roles, server, now) =>
      new Set(followFrom(table, roles, { server, now }).map((role) => numbers.names[role] ?? '')),
    holdings: (subject) =>
      lookUp(table.bySubject, subject) ?? { grants: NO_GRANTS, alike: alikeOf(table, subject, NO_GRANTS) },
    namesOf: ({ roles }) => roles.map((role) => numbers.names[role] ?? ''),
    isIn(closure, name) {
      const role = name === closure.subject ? undefined : numbers.known(name);
      return name === closure.subject || (role !== undefined && placeOf(closure, role) !== -1);
    },
    grantsTo: (path, role) => grantsTo(table, path, role),
    grantsOf: (subject) => lookUp(table.bySubject, subject)?.grants ?? NO_GRANTS,
    subjects: () => keysIn(table.bySubject),
    timed: () => valuesIn(table.timed),
    nextMoment: table.nextMoment,
    mostHeld: mostHeld(table),
    all: () => grantsIn(table),
    size: table.size,
    after(change) {
      if (change.added.length + change.removed.length === 0) return this;
      const changed = changedGrants(table, change);
      return changed && roleIndexOf(changed);
    },
  };
}

const NO_GRANTS: readonly GrantRecord[] = [];
const NO_IDS: readonly number[] = [];

function grantsTo(table: GrantTable, { closure, own }: Path, role: number): readonly number[] {
  let place = placeOf(closure, role);
  if (place === -1) return NO_IDS;
  const ids: number[] = [];
  while (place !== BY_ASKER) {
    const by: number = closure.by[place] ?? BY_ASKER;
    const grants = by === BY_ASKER ? own : itemAt(table.ofRoles, closure.roles[by] ?? 0)?.grants;
    const grant = closure.grants[place] ?? NO_GRANT;
    const id = grant === NO_GRANT ? undefined : grants?.[grant]?.id;
    if (id !== undefined) ids.unshift(id);
    place = by;
  }
  return ids;
}

/** The `holds` of `g` over an index. */
export function holdsOver(
  roles: RoleIndex,
  model: { readonly roleArity: number },
  clock: Clock,
): (subject: string, role: string, server: string) => boolean {
  return (subject, role, server) => {
    const closure = roles.closure(subject, serverOf(model, { server }), clock.now());
    spend(STEPS_OF_CALL + closure.roles.length);
    return roles.isIn(closure, role);
  };
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
