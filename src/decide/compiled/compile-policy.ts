/** Puts every rule in its place: the group of its subject, its path pattern, its labels, and what is left to evaluate. */
import { STEP } from '../in-turns.ts';
import { addToGroup, removeFromGroup, rowsOf } from './rule-group.ts';
import { createLabelClasses } from './label-classes.ts';
import { createRestOf } from './rest-of.ts';
import { lookUp, mapOf, valuesIn, withEntry, withoutEntry } from './persistent-map.ts';
import { planOf } from './plan.ts';
import type { Steps } from '../in-turns.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { ConditionReader } from '../read-condition.ts';
import type { LabelClasses } from './label-classes.ts';
import type { Edit, PersistentMap } from './persistent-map.ts';
import type { Plan } from './plan.ts';
import type { GroupOptions, Placed, RuleGroup } from './rule-group.ts';

/** Rules under a model; every version stays. */
export interface CompiledPolicy {
  readonly plan: Plan;
  /** Rules by subject; all under `''` when the matcher does not tie rules to an asker. */
  readonly groups: PersistentMap<RuleGroup>;
  readonly classes: LabelClasses;
  readonly size: number;
  /** Where a rule goes. What it learns of conditions and labels is shared by all versions. */
  readonly place: (row: PolicyRow) => Placed;
  readonly model: ParsedModel;
}

export interface CompileParts {
  readonly model: ParsedModel;
  readonly readCondition: ConditionReader;
}

/** Compiles rules that were checked under the model. */
export function* compilePolicy(parts: CompileParts, rows: readonly PolicyRow[]): Steps<CompiledPolicy> {
  const empty = emptyPolicy(parts);
  const options = optionsOf(empty, Symbol('build'));
  const groups = new Map<string, RuleGroup>();
  let index = 0;
  for (const row of rows) {
    if (index++ % STEP === 0) yield;
    const name = groupOf(parts.model, row.subject);
    const group = groups.get(name);
    const changed = addToGroup(group, empty.place(row), options);
    if (changed !== group) groups.set(name, changed);
  }
  return { ...empty, groups: mapOf(groups, options.edit), size: rows.length };
}

/** `policy` without the rules `removed`, which are in it, and with `added`. */
export function changedPolicy(
  policy: CompiledPolicy,
  { removed, added }: { readonly removed: readonly PolicyRow[]; readonly added: readonly PolicyRow[] },
): CompiledPolicy {
  const edit = Symbol('change');
  let { groups } = policy;
  for (const row of removed) groups = withoutRow(policy, groups, { row, edit });
  for (const row of added) groups = withRow(policy, groups, { row, edit });
  return { ...policy, groups, size: policy.size - removed.length + added.length };
}

/** The rules of one group, in Casbin's order. */
export function rowsOfGroup(policy: CompiledPolicy, name: string): PolicyRow[] {
  const group = lookUp(policy.groups, name);
  return group === undefined ? [] : [...rowsOf(group)].sort((a, b) => a.at - b.at);
}

/** Every rule, in Casbin's order. */
export function allRows(policy: CompiledPolicy): PolicyRow[] {
  const rows: PolicyRow[] = [];
  for (const group of valuesIn(policy.groups)) for (const row of rowsOf(group)) rows.push(row);
  return rows.sort((a, b) => a.at - b.at);
}

/** The name of the group that the rules of `subject` are in. */
export function groupOf({ tie }: ParsedModel, subject: string): string {
  return tie === undefined ? '' : subject;
}

function emptyPolicy(parts: CompileParts): CompiledPolicy {
  const { model } = parts;
  const plan = planOf(model);
  const classes = createLabelClasses(plan.labels);
  const restOf = createRestOf(plan, parts);
  const place = (row: PolicyRow): Placed => ({
    row,
    labels: classes.of(row.values),
    pattern: plan.path === undefined ? '**' : (row.values[plan.path.column] ?? ''),
    rest: restOf(row.values),
  });
  return { plan, groups: undefined, classes, size: 0, place, model };
}

type Groups = PersistentMap<RuleGroup>;
interface RowChange {
  readonly row: PolicyRow;
  readonly edit: Edit;
}

function withRow(policy: CompiledPolicy, groups: Groups, { row, edit }: RowChange): Groups {
  const name = groupOf(policy.model, row.subject);
  const group = lookUp(groups, name);
  const changed = addToGroup(group, policy.place(row), optionsOf(policy, edit));
  return changed === group ? groups : withEntry(groups, name, changed, edit);
}

function withoutRow(policy: CompiledPolicy, groups: Groups, { row, edit }: RowChange): Groups {
  const name = groupOf(policy.model, row.subject);
  const group = lookUp(groups, name);
  if (group === undefined) return groups;
  const changed = removeFromGroup(group, policy.place(row), optionsOf(policy, edit));
  if (changed === undefined) return withoutEntry(groups, name, edit);
  return changed === group ? groups : withEntry(groups, name, changed, edit);
}

function optionsOf({ model }: CompiledPolicy, edit: Edit): GroupOptions {
  return { edit, effect: model.effect, hasOneSubject: model.tie !== undefined };
}
