/** The table of grants that were checked together. */
import { alikeOf, noAlikes } from './alikes.ts';
import { arrayOf } from './compiled/persistent-array.ts';
import { createNumbering } from './numbering.ts';
import { earliest, MAX_WITHOUT_EDGES, momentOf } from './grant-table.ts';
import { isHeldFurther } from './implicit-role.ts';
import { edgesOf } from './edges.ts';
import { mapOf } from './compiled/persistent-map.ts';
import { mostReached } from './most-held.ts';
import type { GrantRecord } from '../core/policy.ts';
import type { Edit } from './compiled/persistent-map.ts';
import type { EdgeNames } from './edges.ts';
import type { GrantList, GrantsBySubject, GrantTable } from './grant-table.ts';
import type { Steps } from './in-turns.ts';
import type { RoleNumbers } from './role-numbers.ts';

/** A table of grants that were checked together, given by id. `numbers` are those of what may be held. */
export function* gatherGrants(groups: GrantsBySubject, numbers: RoleNumbers): Steps<GrantTable> {
  const edit = Symbol('build');
  const timed = new Map<string, GrantRecord>();
  const names = { numbers, servers: createNumbering('*'), alikes: noAlikes() };
  let size = 0;
  let mostOwn = 0;
  for (const [subject, list] of groups) {
    yield;
    const { grants } = list;
    size += grants.length;
    list.alike = alikeOf(names, subject, grants);
    if (!isHeldFurther(subject)) mostOwn = Math.max(mostOwn, grants.length);
    for (const grant of grants) {
      numbers.of(grant.role);
      if (momentOf(grant) !== Number.POSITIVE_INFINITY) timed.set(String(grant.id), grant);
    }
  }
  const chained = chainedGrants(groups, numbers);
  const ofRoles = arrayOf(yield* edgesOfRoles(groups, names));
  return {
    ...names,
    bySubject: mapOf(groups, edit),
    ofRoles,
    toRoles: byRole(chained, edit),
    chained: chained.length,
    mostOwn,
    mostReached: mostReached(ofRoles, numbers.implied),
    timed: mapOf(timed, edit),
    nextMoment: earliest(timed.values()),
    size,
  };
}

/** Grants to what may be held further, which has a number from now on. */
function chainedGrants(groups: GrantsBySubject, numbers: RoleNumbers): GrantRecord[] {
  const chained: GrantRecord[] = [];
  for (const [subject, { grants }] of groups) {
    if (!isHeldFurther(subject)) continue;
    numbers.of(subject);
    chained.push(...grants);
  }
  return chained;
}

function byRole(grants: readonly GrantRecord[], edit: Edit): GrantTable['toRoles'] {
  const holders = new Map<string, Map<string, GrantRecord>>();
  for (const grant of grants) {
    const known = holders.get(grant.role);
    if (known === undefined) holders.set(grant.role, new Map([[String(grant.id), grant]]));
    else known.set(String(grant.id), grant);
  }
  return mapOf(new Map([...holders].map(([role, known]) => [role, mapOf(known, edit)])), edit);
}

/** What each role holds, by its number. */
function* edgesOfRoles(groups: GrantsBySubject, names: EdgeNames): Steps<(GrantList | undefined)[]> {
  for (const list of groups.values()) {
    if (list.grants.length <= MAX_WITHOUT_EDGES) continue;
    yield;
    list.edges = edgesOf(list.grants, names);
  }
  const lists = names.numbers.names.map((name) => groups.get(name));
  for (const list of lists) {
    if (list === undefined || list.edges !== undefined) continue;
    yield;
    list.edges = edgesOf(list.grants, names);
  }
  return lists;
}
