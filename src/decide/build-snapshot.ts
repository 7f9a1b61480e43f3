/** Builds a snapshot aside from a policy document: everything is checked again before it is used. */
import { AppError } from '../core/errors.ts';
import { checkingGrants } from './check-grants.ts';
import { checkingModel } from './check-model.ts';
import { createCasbinEngine } from './casbin-engine.ts';
import { compiledSnapshot } from './compiled-snapshot.ts';
import { compilePolicy } from './compiled/compile-policy.ts';
import { reasonForCasbin } from './compiled/plan.ts';
import { groupGrants } from './grant-table.ts';
import { createConditionReader } from './read-condition.ts';
import { inTurns } from './in-turns.ts';
import { holdsOver, indexRoles } from './role-index.ts';
import { rowsInOrder } from './order-rows.ts';
import { createSnapshot } from './snapshot.ts';
import type { Clock } from '../core/clock.ts';
import type { PolicyDocument } from '../core/policy.ts';
import type { Snapshot } from './decider.ts';
import type { EvaluationPath } from './engine.ts';
import type { ParsedModel } from './parse-model.ts';
import type { Witness } from './second-opinion/second-opinion.ts';

export interface BuildDeps {
  readonly clock: Clock;
  readonly allowDefaultAllow: boolean;
  /** `casbin` leaves the policy uncompiled, to compare the two; what cannot be compiled is Casbin's anyway. */
  readonly path?: EvaluationPath;
  /** Is told of every verdict of a compiled policy. */
  readonly witness?: Witness | undefined;
}

/**
 * Rules of a model that is left to Casbin. It takes about 10 µs for each that may matter to the asker, and all requests
 * wait meanwhile: 10 ms.
 */
export const CASBIN_RULE_LIMIT = 1000;

/** Throws `MODEL_INVALID` (with every rule and grant that does not fit), `ROLE_CYCLE`, `ROLE_DEPTH` or `GRANTS_TOO_MANY`. */
export async function buildSnapshot(document: PolicyDocument, deps: BuildDeps): Promise<Snapshot> {
  const { clock, allowDefaultAllow } = deps;
  const { revision, grants, rules } = document;
  const grouped = await inTurns(groupGrants(grants));
  await inTurns(checkingGrants(grouped));
  const model = await inTurns(checkingModel(document.model.text, rules, { allowDefaultAllow, grants }));
  const readCondition = createConditionReader(model);
  const reason = reasonForCasbin(model);
  if (reason !== undefined && deps.path === undefined) checkSize(rules.length, model, reason);
  const roles = await inTurns(indexRoles(grouped));
  const ordered = await rowsInOrder(document, { model, readCondition, numbers: roles.numbers });
  const parts = { revision, record: document.model, model, clock, roles, readCondition };
  if (deps.path === 'casbin' || reason !== undefined) {
    const holds = holdsOver(roles, model, clock);
    const engine = await createCasbinEngine({ model, ordered, roles, clock, holds });
    return createSnapshot({ ...parts, holds, engine, after: () => undefined });
  }
  const policy = await inTurns(compilePolicy({ model, readCondition, roles }, ordered));
  return compiledSnapshot({ ...parts, policy, witness: deps.witness, changes: 0 });
}

function checkSize(rules: number, model: ParsedModel, reason: string): void {
  if (rules <= CASBIN_RULE_LIMIT) return;
  const message = `${reason}, so Casbin walks all rules for each question: expected at most ${CASBIN_RULE_LIMIT} rules, received ${rules}`;
  throw new AppError('MODEL_INVALID', { problems: [{ at: `line ${model.lines['m']}`, message }] });
}
