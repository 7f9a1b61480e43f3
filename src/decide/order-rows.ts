/** The order in which Casbin walks rules: as they were written, or by `priority`, or by the hierarchy of subjects. */
import { createReferenceEnforcer } from './reference-enforcer.ts';
import { implicitRole } from './role-index.ts';
import { STEP } from './in-turns.ts';
import type { PolicyDocument } from '../core/policy.ts';
import type { Steps } from './in-turns.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';

/** `rows` in the order of `priority` where the model has that column: the lowest first, equal ones as they were. */
export function* byPriority(rows: readonly PolicyRow[], model: ParsedModel): Steps<readonly PolicyRow[]> {
  const column = model.columns.findIndex((each) => each.name === 'priority');
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
export async function bySubject(
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
