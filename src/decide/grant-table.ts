/** The grants by who holds and who gives, changed a few at a time. */
import { alikeOf } from './alikes.ts';
import { ANONYMOUS } from '../core/identity.ts';
import { isRole } from '../core/names.ts';
import { lookUp, mapOf, valuesIn, withEntry, withoutEntry } from './compiled/persistent-map.ts';
import { STEP } from './in-turns.ts';
import type { Changed, GrantRecord } from '../core/policy.ts';
import type { Alikes } from './alikes.ts';
import type { Edit, PersistentMap } from './compiled/persistent-map.ts';
import type { Steps } from './in-turns.ts';

/** Casbin follows a chain of roles over at most this many links. */
export const MAX_LINKS = 10;

/** Grants of one subject, by id. */
export interface GrantList {
  readonly edit: Edit;
  readonly grants: GrantRecord[];
  /** The same for all who hold the same; `undefined` for those who share it with nobody. */
  alike: number | undefined;
}

/** Every version of it stays. */
export interface GrantTable {
  readonly bySubject: PersistentMap<GrantList>;
  /** The lists of roles and of `anonymous` once more: these are few, so that it costs little to find that a role holds nothing. */
  readonly ofRoles: PersistentMap<GrantList>;
  /** Grants to roles and to `anonymous`, by the role they give: the chains of roles upwards. */
  readonly toRoles: PersistentMap<PersistentMap<GrantRecord>>;
  readonly alikes: Alikes;
  /** Grants that start or end, by id. */
  readonly timed: PersistentMap<GrantRecord>;
  readonly nextMoment: number;
  readonly size: number;
}

/** Grants by who holds something, each list as the grants came. */
export type GrantsBySubject = Map<string, GrantList>;

/** Groups grants, in steps. */
export function* groupGrants(grants: readonly GrantRecord[]): Steps<GrantsBySubject> {
  const edit = Symbol('build');
  const groups: GrantsBySubject = new Map();
  let index = 0;
  for (const grant of grants) {
    if (index++ % STEP === 0) yield;
    const list = groups.get(grant.subject);
    if (list === undefined) groups.set(grant.subject, { edit, grants: [grant], alike: undefined });
    else list.grants.push(grant);
  }
  return groups;
}

/** A table of grants that were checked together, given by id. */
export function* gatherGrants(groups: GrantsBySubject): Steps<GrantTable> {
  const edit = Symbol('build');
  const toRoles = new Map<string, Map<string, GrantRecord>>();
  const ofRoles: GrantsBySubject = new Map();
  const timed = new Map<string, GrantRecord>();
  const alikes: Alikes = new Map();
  let size = 0;
  for (const [subject, list] of groups) {
    yield;
    const { grants } = list;
    size += grants.length;
    list.alike = alikeOf(alikes, subject, grants);
    if (isHeldFurther(subject)) ofRoles.set(subject, list);
    for (const grant of grants) {
      if (momentOf(grant) !== Number.POSITIVE_INFINITY) timed.set(String(grant.id), grant);
      if (!isHeldFurther(subject)) continue;
      const holders = toRoles.get(grant.role);
      if (holders === undefined) toRoles.set(grant.role, new Map([[String(grant.id), grant]]));
      else holders.set(String(grant.id), grant);
    }
  }
  const nextMoment = earliest(timed.values());
  const above = new Map<string, PersistentMap<GrantRecord>>();
  for (const [role, holders] of toRoles) above.set(role, mapOf(holders, edit));
  return {
    bySubject: mapOf(groups, edit),
    ofRoles: mapOf(ofRoles, edit),
    toRoles: mapOf(above, edit),
    alikes,
    timed: mapOf(timed, edit),
    nextMoment,
    size,
  };
}

/**
 * `table` without `removed`, which are in it, and with `added`. `undefined` when an added grant might close a circle or
 * make a chain too long: whether it does takes a look at all grants on each server.
 */
export function changedGrants(
  table: GrantTable,
  { removed, added }: Changed<GrantRecord>,
): GrantTable | undefined {
  const edit = Symbol('change');
  let changed = table;
  for (const grant of removed) changed = withoutGrant(changed, grant, edit);
  for (const grant of added) {
    if (!isSafe(changed, grant)) return undefined;
    changed = withGrant(changed, grant, edit);
  }
  if (removed.every((grant) => momentOf(grant) > table.nextMoment)) return changed;
  return { ...changed, nextMoment: earliest(valuesIn(changed.timed)) };
}

/** Every grant, by id. */
export function grantsIn({ bySubject }: GrantTable): GrantRecord[] {
  const all: GrantRecord[] = [];
  for (const { grants } of valuesIn(bySubject)) for (const grant of grants) all.push(grant);
  return all.sort((a, b) => a.id - b.id);
}

/** Whether a grant counts on `server`. */
export function isForServer(grant: { readonly server: string }, server: string): boolean {
  return grant.server === server || grant.server === '*';
}

/** When the clock next does something to a grant; `Infinity` for never. */
export function momentOf({ startsAt, expiresAt }: GrantRecord): number {
  return Math.min(startsAt ?? Number.POSITIVE_INFINITY, expiresAt ?? Number.POSITIVE_INFINITY);
}

function earliest(grants: Iterable<GrantRecord>): number {
  let next = Number.POSITIVE_INFINITY;
  for (const grant of grants) next = Math.min(next, momentOf(grant));
  return next;
}

function withGrant(table: GrantTable, grant: GrantRecord, edit: Edit): GrantTable {
  const { subject, role, id } = grant;
  const key = String(id);
  const moment = momentOf(grant);
  const isTimed = moment !== Number.POSITIVE_INFINITY;
  const holders = isHeldFurther(subject)
    ? withEntry(lookUp(table.toRoles, role), key, grant, edit)
    : undefined;
  const before = lookUp(table.bySubject, subject)?.grants ?? [];
  const after = before.findLastIndex((each) => each.id < id) + 1;
  return {
    ...withList(table, subject, { grants: before.toSpliced(after, 0, grant), edit }),
    toRoles: holders === undefined ? table.toRoles : withEntry(table.toRoles, role, holders, edit),
    timed: isTimed ? withEntry(table.timed, key, grant, edit) : table.timed,
    nextMoment: Math.min(table.nextMoment, moment),
    size: table.size + 1,
  };
}

function withoutGrant(table: GrantTable, grant: GrantRecord, edit: Edit): GrantTable {
  const { subject, role, id } = grant;
  const key = String(id);
  const grants = lookUp(table.bySubject, subject)?.grants.filter((each) => each.id !== id) ?? [];
  const holders = withoutEntry(lookUp(table.toRoles, role), key, edit);
  return {
    ...withList(table, subject, { grants, edit }),
    toRoles:
      holders === undefined
        ? withoutEntry(table.toRoles, role, edit)
        : withEntry(table.toRoles, role, holders, edit),
    timed: withoutEntry(table.timed, key, edit),
    size: table.size - 1,
  };
}

/** `table` with other grants of one subject; the rest of it does not know of them yet. */
function withList(
  table: GrantTable,
  subject: string,
  { grants, edit }: Pick<GrantList, 'grants' | 'edit'>,
): GrantTable {
  const list = { edit, grants, alike: alikeOf(table.alikes, subject, grants) };
  const changed = (lists: PersistentMap<GrantList>): PersistentMap<GrantList> =>
    grants.length === 0 ? withoutEntry(lists, subject, edit) : withEntry(lists, subject, list, edit);
  return {
    ...table,
    bySubject: changed(table.bySubject),
    ofRoles: isHeldFurther(subject) ? changed(table.ofRoles) : table.ofRoles,
  };
}

/** What somebody holds, by id. */
export function listOf({ bySubject, ofRoles }: GrantTable, subject: string): GrantList | undefined {
  return lookUp(isHeldFurther(subject) ? ofRoles : bySubject, subject);
}

/** Whether somebody may hold what `subject` holds: guests hold what `anonymous` does. */
function isHeldFurther(subject: string): boolean {
  return isRole(subject) || subject === ANONYMOUS;
}

/**
 * Whether no chain through `grant` can be too long or closed, whatever servers and times the others are for: a walk that
 * goes in a circle comes to no end.
 */
function isSafe(table: GrantTable, { subject, role }: GrantRecord): boolean {
  const holdersOf = (name: string) => {
    const holders = [...valuesIn(lookUp(table.toRoles, name))].map((grant) => grant.subject);
    // users and guests may stand one link above every role
    return isHeldFurther(name) ? [...holders, ''] : [];
  };
  const rolesOf = (name: string) => lookUp(table.bySubject, name)?.grants.map((grant) => grant.role) ?? [];
  const above = longest(subject, { next: holdersOf, known: new Map() });
  const below = longest(role, { next: rolesOf, known: new Map([[subject, Number.POSITIVE_INFINITY]]) });
  return above + 1 + below <= MAX_LINKS;
}

interface Chains {
  readonly next: (name: string) => readonly string[];
  readonly known: Map<string, number>;
}

/** Links of the longest chain from `name` on; infinite where it has no end. */
function longest(name: string, chains: Chains, depth = 0): number {
  const known = chains.known.get(name);
  if (known !== undefined) return known;
  if (depth > MAX_LINKS) return Number.POSITIVE_INFINITY;
  let links = 0;
  for (const next of chains.next(name)) links = Math.max(links, 1 + longest(next, chains, depth + 1));
  chains.known.set(name, links);
  return links;
}
