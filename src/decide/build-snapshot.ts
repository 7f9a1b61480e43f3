/** Builds a snapshot aside from a policy document: everything is checked again before it is used. */
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

export interface BuildDeps {
  readonly clock: Clock;
  readonly allowDefaultAllow: boolean;
  /** `casbin` leaves the policy uncompiled, to compare the two; what cannot be compiled is Casbin's anyway. */
  readonly path?: EvaluationPath;
}

/** Throws `MODEL_INVALID` (with every rule and grant that does not fit), `ROLE_CYCLE` or `ROLE_DEPTH`. */
export async function buildSnapshot(document: PolicyDocument, deps: BuildDeps): Promise<Snapshot> {
  const { clock, allowDefaultAllow } = deps;
  const { revision, grants, rules } = document;
  const grouped = await inTurns(groupGrants(grants));
  await inTurns(checkingGrants(grouped));
  const model = await inTurns(checkingModel(document.model.text, rules, { allowDefaultAllow, grants }));
  const readCondition = createConditionReader(model);
  const roles = await inTurns(indexRoles(grouped));
  const ordered = await rowsInOrder(document, model, readCondition);
  const parts = { revision, record: document.model, model, clock, roles, readCondition };
  if (deps.path === 'casbin' || reasonForCasbin(model) !== undefined) {
    const holds = holdsOver(roles, model, clock);
    const engine = await createCasbinEngine({ model, ordered, roles, holds });
    return createSnapshot({ ...parts, holds, engine, after: () => undefined });
  }
  const policy = await inTurns(compilePolicy({ model, readCondition }, ordered));
  return compiledSnapshot({ ...parts, policy, changes: 0 });
}
