/** The order in which Casbin walks rules: as they were written, or by `priority`, or by the hierarchy of subjects. */
import { createReferenceEnforcer } from './reference-enforcer.ts';
import { implicitRole } from './implicit-role.ts';
import { inTurns, STEP } from './in-turns.ts';
import { policyRow } from './policy-row.ts';
import type { PolicyDocument, RuleRecord } from '../core/policy.ts';
import type { Steps } from './in-turns.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow, RowParts } from './policy-row.ts';

/** The rules of a policy as rows, in Casbin's order and numbered in it. */
export async function rowsInOrder(document: PolicyDocument, parts: RowParts): Promise<readonly PolicyRow[]> {
  const { model } = parts;
  const rows = await inTurns(rowsById(document.rules, parts));
  if (isInOrderOfIds(model)) return rows;
  const byPriorities = await inTurns(byPriority(rows, model));
  const ordered =
    model.effect === 'subject-priority' ? await bySubject(byPriorities, model, document) : byPriorities;
  return inTurns(numbered(ordered));
}

/** Whether Casbin walks rules as they were written, so that a new one is the last whatever it says. */
export function isInOrderOfIds(model: ParsedModel): boolean {
  return model.effect !== 'subject-priority' && priorityColumn(model) === -1;
}

function priorityColumn(model: ParsedModel): number {
  return model.columns.findIndex((each) => each.name === 'priority');
}

function* rowsById(rules: readonly RuleRecord[], parts: RowParts): Steps<readonly PolicyRow[]> {
  const rows: PolicyRow[] = [];
  let isSorted = true;
  let last = Number.NEGATIVE_INFINITY;
  for (const [index, rule] of rules.entries()) {
    if (index % STEP === 0) yield;
    rows.push(policyRow(rule, parts));
    isSorted &&= last <= rule.id;
    last = rule.id;
  }
  return isSorted ? rows : rows.sort((a, b) => a.at - b.at);
}

function* numbered(rows: readonly PolicyRow[]): Steps<readonly PolicyRow[]> {
  const result: PolicyRow[] = [];
  for (const [at, row] of rows.entries()) {
    if (at % STEP === 0) yield;
    result.push({ ...row, at });
  }
  return result;
}

/** `rows` in the order of `priority` where the model has that column: the lowest first, equal ones as they were. */
function* byPriority(rows: readonly PolicyRow[], model: ParsedModel): Steps<readonly PolicyRow[]> {
  const column = priorityColumn(model);
  if (column === -1) return rows;
  const groups = new Map<number, PolicyRow[]>();
  for (const [index, row] of rows.entries()) {
    const priority = Number.parseInt(row.values[column] ?? '', 10);
    const group = groups.get(priority);
    if (group === undefined) groups.set(priority, [row]);
    else group.push(row);
    if (index % STEP === 0) yield;
  }
  return [...groups].sort(([a], [b]) => a - b).flatMap(([, group]) => group);
}

/** `rows` in the order of their subjects, nearest to people first. Casbin itself puts them so, all at once. */
async function bySubject(
  rows: readonly PolicyRow[],
  model: ParsedModel,
  document: PolicyDocument,
): Promise<readonly PolicyRow[]> {
  const enforcer = await createReferenceEnforcer(model, { functions: [], holds: () => false });
  return enforcer.inOrder(rows, linksOf(document));
}

/** Who holds which role where, as Casbin's `g` rows: what needs no grant first, then every grant whatever its times. */
function linksOf(document: PolicyDocument): string[][] {
  const subjects = new Set([
    ...document.rules.map((rule) => rule.fields['sub'] ?? ''),
    ...document.grants.map((grant) => grant.subject),
  ]);
  const implicit = [...subjects].flatMap((subject) => {
    const role = implicitRole(subject);
    return role === undefined ? [] : [[subject, role, '*']];
  });
  return [...implicit, ...document.grants.map(({ subject, role, server }) => [subject, role, server])];
}
