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
  const chained: GrantRecord[] = [];
  const names = { numbers, servers: createNumbering('*'), alikes: noAlikes() };
  let size = 0;
  let mostOwn = 0;
  for (const [subject, list] of groups) {
    yield;
    const { grants } = list;
    size += grants.length;
    for (const grant of grants) {
      numbers.of(grant.role);
      names.servers.of(grant.server);
      if (momentOf(grant) !== Number.POSITIVE_INFINITY) timed.set(String(grant.id), grant);
    }
    list.alike = alikeOf(names, subject, grants);
    if (grants.length > MAX_WITHOUT_EDGES) list.edges = edgesOf(grants, names);
    if (isHeldFurther(subject)) {
      numbers.of(subject);
      chained.push(...grants);
    } else mostOwn = Math.max(mostOwn, grants.length);
  }
  const ofRoles = arrayOf(yield* listsOfRoles(groups, names));
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

/** What each role holds, by its number. */
function* listsOfRoles(groups: GrantsBySubject, names: EdgeNames): Steps<(GrantList | undefined)[]> {
  const lists: (GrantList | undefined)[] = [];
  for (const name of names.numbers.names) {
    yield;
    const list = groups.get(name);
    if (list !== undefined) list.edges ??= edgesOf(list.grants, names);
    lists.push(list);
  }
  return lists;
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
