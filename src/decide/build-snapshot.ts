/** Builds a snapshot aside from a policy document: everything is checked again before it is used. */
import { checkingGrants } from './check-grants.ts';
import { checkingModel } from './check-model.ts';
import { createCasbinEngine } from './casbin-engine.ts';
import { createCompiledEngine } from './compiled/compiled-engine.ts';
import { compilePolicy } from './compiled/compile-policy.ts';
import { reasonForCasbin } from './compiled/plan.ts';
import { createConditionReader } from './read-condition.ts';
import { inTurns, STEP } from './in-turns.ts';
import { byPriority, bySubject } from './order-rows.ts';
import { indexRoles } from './role-index.ts';
import { createSlices, serverOf } from './slices.ts';
import { createSnapshot } from './snapshot.ts';
import { policyRow } from './policy-row.ts';
import type { Clock } from '../core/clock.ts';
import type { PolicyDocument, RuleRecord } from '../core/policy.ts';
import type { Snapshot } from './decider.ts';
import type { EvaluationPath } from './engine.ts';
import type { Steps } from './in-turns.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';
import type { ConditionReader } from './read-condition.ts';

export interface BuildDeps {
  readonly clock: Clock;
  readonly allowDefaultAllow: boolean;
  /** `casbin` leaves the policy uncompiled, to compare the two; what cannot be compiled is Casbin's anyway. */
  readonly path?: EvaluationPath;
}

/** Throws `MODEL_INVALID` (with every rule and grant that does not fit), `ROLE_CYCLE` or `ROLE_DEPTH`. */
export async function buildSnapshot(document: PolicyDocument, deps: BuildDeps): Promise<Snapshot> {
  const { clock, allowDefaultAllow } = deps;
  const { grants, rules } = document;
  await inTurns(checkingGrants(grants));
  const model = await inTurns(checkingModel(document.model.text, rules, { allowDefaultAllow, grants }));
  const readCondition = createConditionReader(model);
  const roles = await inTurns(indexRoles(grants));
  const holds = (subject: string, role: string, server: string) =>
    roles.closure(subject, serverOf(model, { server }), clock.now()).held.has(role);
  const rows = await inTurns(rowsInOrder(byId(rules), model, readCondition));
  const ordered = model.effect === 'subject-priority' ? await bySubject(rows, model, document) : rows;
  const slice = createSlices(model, ordered, roles);
  const parts = { document, model, clock, roles, slice, holds, readCondition };
  if (deps.path === 'casbin' || reasonForCasbin(model) !== undefined) {
    return createSnapshot({ ...parts, engine: await createCasbinEngine({ model, slice, holds }) });
  }
  const policy = await inTurns(compilePolicy({ model, ordered, readCondition, holds }));
  return createSnapshot({ ...parts, engine: createCompiledEngine({ model, policy, roles }) });
}

/** Rules by their id; they nearly always come so. */
function byId(rules: readonly RuleRecord[]): readonly RuleRecord[] {
  const isSorted = rules.every((rule, index) => index === 0 || (rules[index - 1]?.id ?? 0) <= rule.id);
  return isSorted ? rules : [...rules].sort((a, b) => a.id - b.id);
}

function* rowsInOrder(
  rules: readonly RuleRecord[],
  model: ParsedModel,
  readCondition: ConditionReader,
): Steps<readonly PolicyRow[]> {
  const rows: PolicyRow[] = [];
  for (const [index, rule] of rules.entries()) {
    if (index % STEP === 0) yield;
    rows.push(policyRow(rule, model, readCondition));
  }
  return yield* byPriority(rows, model);
}
