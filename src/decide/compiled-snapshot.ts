/** A snapshot over a compiled policy, and how the next one comes from it without building all of it again. */
import { changedPolicy } from './compiled/change-policy.ts';
import { createCompiledEngine } from './compiled/compiled-engine.ts';
import { createRuleChecker } from './check-rule.ts';
import { createSnapshot } from './snapshot.ts';
import { grantProblems } from './check-model.ts';
import { holdsOver } from './role-index.ts';
import { mayHoldMany } from './compiled/pattern-index.ts';
import { isInOrderOfIds } from './order-rows.ts';
import { policyRow } from './policy-row.ts';
import type { Clock } from '../core/clock.ts';
import type { Changed, ModelRecord, PolicyChange, RuleRecord } from '../core/policy.ts';
import type { CompiledPolicy } from './compiled/compiled-policy.ts';
import type { Snapshot } from './decider.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';
import type { ConditionReader } from './read-condition.ts';
import type { Witness } from './second-opinion/second-opinion.ts';
import type { RoleIndex } from './role-index.ts';

export interface CompiledSnapshotParts {
  readonly revision: number;
  readonly record: ModelRecord;
  readonly model: ParsedModel;
  readonly clock: Clock;
  readonly roles: RoleIndex;
  readonly policy: CompiledPolicy;
  readonly readCondition: ConditionReader;
  readonly witness?: Witness | undefined;
  /** Changes since the policy was built whole. */
  readonly changes: number;
}

/** Rows that are changed at once without a turn for the event loop in between: a few milliseconds. */
const MAX_ROWS = 500;
/** After this many changes the policy is built whole again, which forgets conditions and labels that are gone. */
const MAX_CHANGES = 20_000;

/** The snapshot of a compiled policy. */
export function compiledSnapshot(parts: CompiledSnapshotParts): Snapshot {
  const { policy, roles, model, clock } = parts;
  const holds = holdsOver(roles, model, clock);
  const engine = createCompiledEngine({ policy, roles, clock, holds });
  return createSnapshot({ ...parts, holds, engine, after: (change) => after(parts, change) });
}

function after(parts: CompiledSnapshotParts, change: PolicyChange): Snapshot | undefined {
  const { rules, grants } = change;
  const isNext = change.revision === parts.revision + 1 && parts.changes < MAX_CHANGES;
  if (!isNext || sizeOf(rules) + sizeOf(grants) > MAX_ROWS) return undefined;
  // who holds what then says which rules come first
  if (parts.model.effect === 'subject-priority' && sizeOf(grants) > 0) return undefined;
  const roles = grantProblems(parts.model, grants.added).length > 0 ? undefined : parts.roles.after(grants);
  // somebody may hold so much now that rules must be found otherwise
  if (roles !== undefined && mayHoldMany(roles) && !mayHoldMany(parts.roles)) return undefined;
  const policy = policyAfter(parts, rules);
  if (roles === undefined || policy === undefined) return undefined;
  return compiledSnapshot({
    ...parts,
    revision: change.revision,
    roles,
    policy,
    changes: parts.changes + 1,
  });
}

function policyAfter(
  { policy, model, readCondition, roles }: CompiledSnapshotParts,
  { removed, added }: Changed<RuleRecord>,
): CompiledPolicy | undefined {
  if (removed.length + added.length === 0) return policy;
  if (!isInOrderOfIds(model)) return undefined;
  const problemsOf = createRuleChecker(model, readCondition);
  if (added.some((rule) => problemsOf(rule.fields).length > 0)) return undefined;
  const rowOf = (rule: RuleRecord): PolicyRow =>
    policyRow(rule, { model, readCondition, numbers: roles.numbers });
  return changedPolicy(policy, { removed: removed.map(rowOf), added: added.map(rowOf) });
}

function sizeOf({ removed, added }: Changed<unknown>): number {
  return removed.length + added.length;
}
