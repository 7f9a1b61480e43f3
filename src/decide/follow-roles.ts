/** Everything a subject holds at a moment: a walk from role to role, by numbers, so that thousands of roles take no millisecond. */
import { ANY_SERVER, edgesOf } from './edges.ts';
import { bitsFor, hasBit, setBit } from './numbering.ts';
import { implicitRole } from './implicit-role.ts';
import { MAX_LINKS } from './grant-table.ts';
import { itemAt } from './compiled/persistent-array.ts';
import { lookUp } from './compiled/persistent-map.ts';
import type { Edges } from './edges.ts';
import type { GrantList, GrantTable } from './grant-table.ts';
import type { Bits } from './numbering.ts';

/** Everything a subject holds on one server; true for `from <= now < until`, and always where no grant looks at the clock. */
export interface Closure {
  /** Whose it is; `''` where others share it. */
  readonly subject: string;
  readonly from: number;
  /** Epoch milliseconds at which a grant it rests on starts or ends; `Infinity` when none does. */
  readonly until: number;
  /** The numbers of the roles, those that are reached over fewer links first. */
  readonly roles: readonly number[];
  /** For each role the place in `roles` of the one it comes by; `BY_ASKER` for what is the asker's own. */
  readonly by: readonly number[];
  /** For each role the place of its grant among those of whom it comes by; `NO_GRANT` where it is held without. */
  readonly grants: readonly number[];
  /** The roles once more, where they are many. */
  readonly set: Bits | undefined;
}

export const BY_ASKER = -1;
export const NO_GRANT = -1;
/** Roles that are looked through one by one. */
const MAX_LOOKED_THROUGH = 16;

export interface Following {
  readonly subject: string;
  readonly server: string;
  readonly now: number;
}

/** What `subject` holds. Breadth first, so that each role is reached over the fewest links. */
export function followRoles(table: GrantTable, following: Following): Closure {
  const { subject } = following;
  const walk = walkOf(table, following);
  const implied = implicitRole(subject);
  if (implied !== undefined) reach(walk, table.numbers.of(implied), { by: BY_ASKER, grant: NO_GRANT });
  const list = lookUp(table.bySubject, subject);
  if (list !== undefined) goOn(walk, list, BY_ASKER);
  goToTheEnd(walk);
  return closureOf(walk, subject);
}

/** What all hold who have this number of `alikes`. */
export function followAlike(table: GrantTable, alike: number, at: Omit<Following, 'subject'>): Closure {
  const walk = walkOf(table, at);
  const held = table.alikes.held[alike];
  if (held !== undefined) {
    reach(walk, held.implied, { by: BY_ASKER, grant: NO_GRANT });
    goOnOver(walk, held.edges, BY_ASKER);
  }
  goToTheEnd(walk);
  return closureOf(walk, '');
}

/** The numbers of `roles`, which begin ten links each, and of what these imply. */
export function followFrom(
  table: GrantTable,
  roles: readonly string[],
  at: Omit<Following, 'subject'>,
): readonly number[] {
  const walk = walkOf(table, at);
  for (const role of roles) reach(walk, table.numbers.of(role), { by: BY_ASKER, grant: NO_GRANT });
  goToTheEnd(walk, MAX_LINKS + 1);
  return walk.roles;
}

/** The place of a role in a closure; -1 where it is not held. */
export function placeOf({ roles, set }: Pick<Closure, 'roles' | 'set'>, role: number): number {
  return set !== undefined && !hasBit(set, role) ? -1 : roles.indexOf(role);
}

function closureOf({ from, until, roles, by, grants, set }: Walk, subject: string): Closure {
  return { subject, from, until, roles, by, grants, set };
}

interface Walk {
  readonly table: GrantTable;
  readonly server: number;
  readonly now: number;
  from: number;
  until: number;
  readonly roles: number[];
  readonly by: number[];
  readonly grants: number[];
  set: Bits | undefined;
}

function walkOf(table: GrantTable, { server, now }: Omit<Following, 'subject'>): Walk {
  const [from, until] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const number = table.servers.known(server) ?? ANY_SERVER;
  return { table, server: number, now, from, until, roles: [], by: [], grants: [], set: undefined };
}

/** From the roles that are reached, level by level, to what they hold. */
function goToTheEnd(walk: Walk, levels = MAX_LINKS): void {
  const { table, roles } = walk;
  let next = 0;
  for (let level = 1; level < levels && next < roles.length; level++) {
    for (const end = roles.length; next < end; next++) {
      const role = roles[next] ?? 0;
      const implied = table.numbers.implied[role] ?? -1;
      if (implied !== -1) reach(walk, implied, { by: next, grant: NO_GRANT });
      const list = itemAt(table.ofRoles, role);
      if (list !== undefined) goOn(walk, list, next);
    }
  }
}

/** On over the grants of one subject. Few grants have no columns of their own: they are made for the walk. */
function goOn(walk: Walk, { grants, edges }: GrantList, by: number): void {
  goOnOver(walk, edges ?? edgesOf(grants, walk.table), by);
}

function goOnOver(walk: Walk, { roles, servers, moments }: Edges, by: number): void {
  for (let at = 0; at < roles.length; at++) {
    const server = servers?.[at] ?? ANY_SERVER;
    if (server !== ANY_SERVER && server !== walk.server) continue;
    if (moments !== undefined && !isHeldNow(walk, moments[at * 2] ?? 0, moments[at * 2 + 1] ?? 0)) continue;
    const role = roles[at] ?? 0;
    if (!isReached(walk, role)) add(walk, role, { by, grant: at });
  }
}

/** Whether a grant with these moments counts now; bounds the time for which that is true. */
function isHeldNow(walk: Walk, startsAt: number, expiresAt: number): boolean {
  if (startsAt === Number.NEGATIVE_INFINITY && expiresAt === Number.POSITIVE_INFINITY) return true;
  const { now } = walk;
  walk.from = now;
  if (startsAt > now) {
    if (expiresAt > startsAt) walk.until = Math.min(walk.until, startsAt);
    return false;
  }
  if (expiresAt <= now) return false;
  walk.until = Math.min(walk.until, expiresAt);
  return true;
}

/** How a role is reached. */
interface Way {
  readonly by: number;
  readonly grant: number;
}

function reach(walk: Walk, role: number, way: Way): void {
  if (!isReached(walk, role)) add(walk, role, way);
}

function isReached({ set, roles }: Walk, role: number): boolean {
  return set === undefined ? roles.includes(role) : hasBit(set, role);
}

function add(walk: Walk, role: number, { by, grant }: Way): void {
  const { roles, set } = walk;
  roles.push(role);
  walk.by.push(by);
  walk.grants.push(grant);
  if (set !== undefined) setBit(set, role);
  else if (roles.length > MAX_LOOKED_THROUGH) {
    walk.set = bitsFor(walk.table.numbers.names.length);
    for (const each of roles) setBit(walk.set, each);
  }
}
