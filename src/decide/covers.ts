/** Which rules give more than somebody holds. Compared by form: when in doubt, a rule counts as more. */
import { ANONYMOUS, EVERYONE_ROLE, ROOT_SUBJECT } from '../core/identity.ts';
import { isGuest } from '../core/names.ts';
import { createRoleNumbers } from './role-numbers.ts';
import { createConditionReader } from './read-condition.ts';
import { labelCovers, labelsOverlap } from './functions/label-match.ts';
import { parseModel } from './parse-model.ts';
import { pathCovers, pathsOverlap } from './functions/path-pattern.ts';
import { policyRow } from './policy-row.ts';
import { requestField } from './columns.ts';
import type { RuleRecord } from '../core/policy.ts';
import type { Snapshot } from './decider.ts';
import type { ModelColumn } from './model-shape.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';

/** Who gives. `roles` narrows a token to those roles. */
export interface Giver {
  readonly subject: string;
  readonly roles: readonly string[] | null;
  /** Only what they hold at least until then counts, epoch milliseconds; all they hold at the moment when left out. */
  readonly until?: number | undefined;
}

/**
 * The rules among `rules` that are not wholly within one rule that allows `giver` the same, or that overlap with one
 * that denies it. `gate:root` holds everything; rules that deny give nothing.
 */
export function beyond(snapshot: Snapshot, giver: Giver, rules: readonly RuleRecord[]): RuleRecord[] {
  if (giver.subject === ROOT_SUBJECT || rules.length === 0) return [];
  const { text } = snapshot.model;
  if (text === '') return [...rules];
  const model = parseModel(text);
  const readCondition = createConditionReader(model);
  const parts = { model, readCondition, numbers: createRoleNumbers() };
  const rowOf = (rule: RuleRecord) => policyRow(rule, parts);
  const known = new Map<string, Held>();
  const held = (server: string): Held => {
    const found = known.get(server) ?? heldOn(snapshot, giver, { server, rowOf });
    known.set(server, found);
    return found;
  };
  return rules.filter((rule) => {
    const given = rowOf(rule);
    return !given.isDeny && serversOf(given, model).some((server) => !isHeld(given, held(server), model));
  });
}

interface Held {
  readonly allowing: readonly PolicyRow[];
  readonly denying: readonly PolicyRow[];
}

/** The servers a rule names; `*` stands for all, so only what the giver holds on any server counts for it. */
function serversOf(row: PolicyRow, model: ParsedModel): string[] {
  const index = model.columns.findIndex((column) => column.field === 'srv');
  return index === -1 ? ['*'] : (row.values[index] ?? '*').split('|');
}

interface HeldOn {
  readonly server: string;
  readonly rowOf: (rule: RuleRecord) => PolicyRow;
}

function heldOn(snapshot: Snapshot, giver: Giver, { server, rowOf }: HeldOn): Held {
  const own = isGuest(giver.subject) ? [giver.subject, ANONYMOUS] : [giver.subject];
  const all = new Set([...own, ...snapshot.rolesOf(giver.subject, server)]);
  const implied = all.has(EVERYONE_ROLE) ? [EVERYONE_ROLE] : [];
  const lasting = lastingRoles(snapshot, [...own, ...implied], { all, server, until: giver.until });
  const named = giver.roles?.filter((role) => lasting.has(role));
  const allowed =
    named === undefined ? lasting : lastingRoles(snapshot, named, { all: lasting, server, until: undefined });
  const rowsOf = (subjects: ReadonlySet<string>) =>
    [...subjects].flatMap((subject) => snapshot.rulesOf(subject).map(rowOf));
  return {
    allowing: rowsOf(allowed).filter((row) => !row.isDeny),
    denying: rowsOf(all).filter((row) => row.isDeny),
  };
}

interface Lasting {
  /** What is held at the moment. */
  readonly all: ReadonlySet<string>;
  readonly server: string;
  readonly until: number | undefined;
}

/** `from` and those of `all` that they hold until then. */
function lastingRoles(
  snapshot: Snapshot,
  from: readonly string[],
  { all, server, until = 0 }: Lasting,
): ReadonlySet<string> {
  const reached = new Set(from);
  for (const holder of reached) {
    for (const { role, server: on, expiresAt } of snapshot.grantsOf(holder)) {
      const isThere = on === '*' || on === server;
      if (isThere && all.has(role) && (expiresAt ?? Infinity) >= until) reached.add(role);
    }
  }
  return reached;
}

function isHeld(given: PolicyRow, held: Held, model: ParsedModel): boolean {
  const every = (row: PolicyRow, test: (column: ModelColumn, theirs: string, own: string) => boolean) =>
    model.columns.every(
      (column, index) =>
        !isCompared(column) || test(column, row.values[index] ?? '', given.values[index] ?? ''),
    );
  return (
    held.allowing.some((row) => every(row, columnCovers)) &&
    !held.denying.some((row) => every(row, columnOverlaps))
  );
}

/** Subject, effect and order are not part of what a rule gives. */
function isCompared(column: ModelColumn): boolean {
  return !column.namesSubject && column.field !== 'eft' && column.field !== 'priority';
}

function columnCovers(column: ModelColumn, outer: string, inner: string): boolean {
  if (outer === inner) return true;
  if (column.holdsCondition) return outer === 'true';
  if (isUsedBy(column, 'pathMatch')) return pathCovers(outer, inner);
  return isUsedBy(column, 'labelMatch') && labelCovers(outer, inner);
}

function columnOverlaps(column: ModelColumn, one: string, other: string): boolean {
  if (isUsedBy(column, 'pathMatch')) return pathsOverlap(one, other);
  if (isUsedBy(column, 'labelMatch')) return labelsOverlap(one, other);
  // compared with `==`: labels that differ never meet; anything else may
  return (
    one === other ||
    column.patterns.length > 0 ||
    column.holdsCondition ||
    requestField(column.field) === undefined
  );
}

function isUsedBy(column: ModelColumn, name: string): boolean {
  return column.patterns.length > 0 && column.patterns.every((use) => use.name === name);
}
