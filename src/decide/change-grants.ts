/** The table after a change of a few grants, which shares the rest with the one before. */
import { alikeOf } from './alikes.ts';
import { earliest, MAX_WITHOUT_EDGES, momentOf } from './grant-table.ts';
import { isHeldFurther } from './implicit-role.ts';
import { edgesOf } from './edges.ts';
import { isSafe } from './role-chains.ts';
import { itemAt, withItem } from './compiled/persistent-array.ts';
import { lookUp, valuesIn, withEntry, withoutEntry } from './compiled/persistent-map.ts';
import { mostReached } from './most-held.ts';
import type { Changed, GrantRecord } from '../core/policy.ts';
import type { Edit } from './compiled/persistent-map.ts';
import type { GrantList, GrantTable } from './grant-table.ts';

/**
 * `table` without `removed`, which are in it, and with `added`. `undefined` when an added grant might close a circle, make
 * a chain too long or be one too many: whether it does takes a look at all grants on each server.
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
  if (added.some(({ subject }) => isHeldFurther(subject)))
    changed = { ...changed, mostReached: mostReached(changed.ofRoles, changed.numbers.implied) };
  if (removed.every((grant) => momentOf(grant) > table.nextMoment)) return changed;
  return { ...changed, nextMoment: earliest(valuesIn(changed.timed)) };
}

function withGrant(table: GrantTable, grant: GrantRecord, edit: Edit): GrantTable {
  const { subject, role, id } = grant;
  const key = String(id);
  const moment = momentOf(grant);
  const isTimed = moment !== Number.POSITIVE_INFINITY;
  const isChained = isHeldFurther(subject);
  const holders = isChained ? withEntry(lookUp(table.toRoles, role), key, grant, edit) : undefined;
  const before = lookUp(table.bySubject, subject)?.grants ?? [];
  const after = before.findLastIndex((each) => each.id < id) + 1;
  return {
    ...withList(withNumbers(table, grant), subject, { grants: before.toSpliced(after, 0, grant), edit }),
    chained: isChained ? table.chained + 1 : table.chained,
    mostOwn: isChained ? table.mostOwn : Math.max(table.mostOwn, before.length + 1),
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
    chained: isHeldFurther(subject) ? table.chained - 1 : table.chained,
    toRoles:
      holders === undefined
        ? withoutEntry(table.toRoles, role, edit)
        : withEntry(table.toRoles, role, holders, edit),
    timed: withoutEntry(table.timed, key, edit),
    size: table.size - 1,
  };
}

/** `table` with numbers for what a grant names, and with what its role holds by that number. */
function withNumbers(table: GrantTable, { role, server }: GrantRecord): GrantTable {
  table.servers.of(server);
  const number = table.numbers.of(role);
  const list = itemAt(table.ofRoles, number) ?? lookUp(table.bySubject, role);
  return list === undefined ? table : { ...table, ofRoles: withItem(table.ofRoles, number, list) };
}

/** `table` with other grants of one subject; the rest of it does not know of them yet. */
function withList(
  table: GrantTable,
  subject: string,
  { grants, edit }: Pick<GrantList, 'grants' | 'edit'>,
): GrantTable {
  const number = isHeldFurther(subject) ? table.numbers.of(subject) : table.numbers.known(subject);
  const isInColumns = number !== undefined || grants.length > MAX_WITHOUT_EDGES;
  const edges = isInColumns ? edgesOf(grants, table) : undefined;
  const list = { edit, grants, alike: alikeOf(table, subject, grants), edges };
  const { bySubject, ofRoles } = table;
  const isGone = grants.length === 0;
  return {
    ...table,
    bySubject: isGone ? withoutEntry(bySubject, subject, edit) : withEntry(bySubject, subject, list, edit),
    ofRoles: number === undefined ? ofRoles : withItem(ofRoles, number, isGone ? undefined : list),
  };
}
