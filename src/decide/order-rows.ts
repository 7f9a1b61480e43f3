/** The order in which Casbin walks rules: as they were written, or by `priority`, or by the hierarchy of subjects. */
import { hierarchyOf, inHierarchy } from './subject-hierarchy.ts';
import { implicitRole } from './implicit-role.ts';
import { inTurns, sortedBy, STEP } from './in-turns.ts';
import { policyRow } from './policy-row.ts';
import type { GrantRecord, PolicyDocument, RuleRecord } from '../core/policy.ts';
import type { Link } from './subject-hierarchy.ts';
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
    model.effect === 'subject-priority'
      ? await inTurns(bySubject(byPriorities, model, document))
      : byPriorities;
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
  return yield* sortedBy(rows, ({ values }) => Number.parseInt(values[column] ?? '', 10));
}

/** `rows` in the order of their subjects, nearest to people first. */
function* bySubject(
  rows: readonly PolicyRow[],
  model: ParsedModel,
  document: PolicyDocument,
): Steps<readonly PolicyRow[]> {
  const hierarchy = yield* hierarchyOf(linksOf(document, model.roleArity));
  const domain = model.columns.findIndex((column) => column.name === 'dom');
  const subject = model.columns.findIndex((column) => column.name === 'sub');
  return yield* inHierarchy(rows, hierarchy, ({ values }) => ({
    subject: values[subject] ?? '',
    domain: values[domain] ?? '',
  }));
}

/** Who holds which role where, as Casbin's `g` rows: what needs no grant first, then every grant whatever its times. */
function* linksOf({ rules, grants }: PolicyDocument, roleArity: number): Generator<Link> {
  const isWithDomain = roleArity === 3;
  const known = new Set<string>();
  for (const subject of subjectsIn(rules, grants)) {
    if (known.has(subject)) continue;
    known.add(subject);
    const role = implicitRole(subject);
    if (role !== undefined) yield isWithDomain ? [subject, role, '*'] : [subject, role];
  }
  for (const { subject, role, server } of grants)
    yield isWithDomain ? [subject, role, server] : [subject, role];
}

function* subjectsIn(rules: readonly RuleRecord[], grants: readonly GrantRecord[]): Generator<string> {
  for (const rule of rules) yield rule.fields['sub'] ?? '';
  for (const grant of grants) yield grant.subject;
}
