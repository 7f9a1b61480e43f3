/** Puts every rule in its place: the group of its subject, its path pattern, its labels, and what is left to evaluate. */
import { STEP } from '../in-turns.ts';
import { createLabelClasses } from './label-class.ts';
import { createRestOf } from './rest-of.ts';
import { planOf } from './plan.ts';
import { addToGroup, createRuleGroup } from './rule-group.ts';
import type { Steps } from '../in-turns.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { ConditionReader } from '../read-condition.ts';
import type { CompileScope } from './compile-test.ts';
import type { LabelClasses } from './label-class.ts';
import type { Plan } from './plan.ts';
import type { RuleGroup } from './rule-group.ts';

export interface CompiledPolicy {
  readonly plan: Plan;
  /** Rules in Casbin's order. */
  readonly ordered: readonly PolicyRow[];
  /** Rules by subject; all under `''` when the matcher does not tie rules to an asker. */
  readonly groups: ReadonlyMap<string, RuleGroup>;
  readonly classes: LabelClasses;
}

export interface CompileParts {
  readonly model: ParsedModel;
  readonly ordered: readonly PolicyRow[];
  readonly readCondition: ConditionReader;
  readonly holds: CompileScope['holds'];
}

/** Compiles rules that were checked under the model. */
export function* compilePolicy(parts: CompileParts): Steps<CompiledPolicy> {
  const { model, ordered } = parts;
  const plan = planOf(model);
  const classes = createLabelClasses(plan.labels);
  const restOf = createRestOf(plan, parts);
  const groups = new Map<string, RuleGroup>();
  const options = { effect: model.effect, hasOneSubject: model.tie !== undefined };
  for (const [at, row] of ordered.entries()) {
    const name = model.tie === undefined ? '' : row.subject;
    let group = groups.get(name);
    if (group === undefined) groups.set(name, (group = createRuleGroup()));
    const labels = classes.of(row.values);
    const pattern = plan.path === undefined ? '**' : (row.values[plan.path.column] ?? '');
    addToGroup(group, { at, row, labels, pattern, rest: restOf(row.values) }, options);
    if (at % STEP === 0) yield;
  }
  return { plan, ordered, groups, classes };
}
