/** The grants by who holds and who gives. */
import { valuesIn } from './compiled/persistent-map.ts';
import { STEP } from './in-turns.ts';
import type { GrantRecord } from '../core/policy.ts';
import type { Alikes } from './alikes.ts';
import type { PersistentArray } from './compiled/persistent-array.ts';
import type { Edit, PersistentMap } from './compiled/persistent-map.ts';
import type { EdgeNames, Edges } from './edges.ts';
import type { Steps } from './in-turns.ts';

/** Casbin follows a chain of roles over at most this many links. */
export const MAX_LINKS = 10;
/** Grants of one subject, and grants to roles in all: a walk through as many takes less than a millisecond. */
export const MAX_GRANTS = 10_000;
export const MAX_CHAINED = 50_000;
/** Grants of somebody that are looked at themselves. */
export const MAX_WITHOUT_EDGES = 8;

/** Grants of one subject, by id. */
export interface GrantList {
  readonly edit: Edit;
  readonly grants: GrantRecord[];
  /** The same for all who hold the same; `undefined` for those who share it with nobody. */
  alike: number | undefined;
  /** Where they are many, or others may hold what the subject holds. */
  edges: Edges | undefined;
}

/** Every version of it stays. */
export interface GrantTable extends EdgeNames {
  readonly bySubject: PersistentMap<GrantList>;
  /** The lists of what may be held once more, by its number. */
  readonly ofRoles: PersistentArray<GrantList>;
  /** Grants to roles and to `anonymous`, by the role they give: the chains of roles upwards. */
  readonly toRoles: PersistentMap<PersistentMap<GrantRecord>>;
  /** How many grants are to what may be held further. */
  readonly chained: number;
  /** The most grants of one person or guest there ever were. */
  readonly mostOwn: number;
  /** The most roles that come with any role. */
  readonly mostReached: number;
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
    if (list === undefined)
      groups.set(grant.subject, { edit, grants: [grant], alike: undefined, edges: undefined });
    else list.grants.push(grant);
  }
  return groups;
}

/** How many roles anybody holds at most: never too few. */
export function mostHeld({ mostOwn, mostReached: most }: GrantTable): number {
  return (mostOwn + 1) * most;
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

/** The earliest moment among grants; `Infinity` when there is none. */
export function earliest(grants: Iterable<GrantRecord>): number {
  let next = Number.POSITIVE_INFINITY;
  for (const grant of grants) next = Math.min(next, momentOf(grant));
  return next;
}
