/** Puts every rule in its place: the group of its subject, its path pattern, its labels, and what is left to evaluate. */
import { isRole } from '../../core/names.ts';
import { STEP } from '../in-turns.ts';
import { addToGroup, removeFromGroup, rowsOf, smallGroup } from './rule-group.ts';
import { createLabelClasses } from './label-classes.ts';
import { createRestOf } from './rest-of.ts';
import { lookUp, mapOf, valuesIn, withEntry, withoutEntry } from './persistent-map.ts';
import { MAX_LISTED_RULES } from './rule-list.ts';
import { pathSigns } from './path-signs.ts';
import { planOf } from './plan.ts';
import type { Steps } from '../in-turns.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { ConditionReader } from '../read-condition.ts';
import type { LabelClasses } from './label-classes.ts';
import type { Edit, PersistentMap } from './persistent-map.ts';
import type { PathSigns } from './path-signs.ts';
import type { Plan } from './plan.ts';
import type { GroupOptions, Placed, RuleGroup } from './rule-group.ts';

/** Rules under a model; every version stays. */
export interface CompiledPolicy {
  readonly plan: Plan;
  /** Rules by subject; all under `''` when the matcher does not tie rules to an asker. */
  readonly groups: PersistentMap<RuleGroup>;
  readonly classes: LabelClasses;
  readonly size: number;
  /** How many groups are those of people and not of roles. */
  readonly people: number;
  /** Where a rule goes. What it learns of conditions and labels is shared by all versions. */
  readonly place: (row: PolicyRow) => Placed;
  readonly model: ParsedModel;
  /** Where the signs of a question's path are put. */
  readonly signs: PathSigns;
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
  let people = 0;
  // one group after the other: what a question looks at together then lies together in memory
  for (const [name, own] of yield* rowsByGroup(parts.model, rows)) {
    yield;
    groups.set(name, yield* groupOfRows(own, empty.place, options));
    if (!isRole(name)) people++;
  }
  return { ...empty, groups: mapOf(groups, options.edit), size: rows.length, people };
}

function* rowsByGroup(model: ParsedModel, rows: readonly PolicyRow[]): Steps<Map<string, PolicyRow[]>> {
  const groups = new Map<string, PolicyRow[]>();
  let index = 0;
  for (const row of rows) {
    if (index++ % STEP === 0) yield;
    const name = groupOf(model, row.subject);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

function* groupOfRows(
  rows: readonly PolicyRow[],
  place: CompiledPolicy['place'],
  options: GroupOptions,
): Steps<RuleGroup> {
  if (rows.length <= MAX_LISTED_RULES) return smallGroup(rows.map(place), options);
  let group: RuleGroup | undefined;
  let index = 0;
  for (const row of rows) {
    if (index++ % STEP === 0) yield;
    group = addToGroup(group, place(row), options);
  }
  return group ?? smallGroup([], options);
}

/** `policy` without the rules `removed`, which are in it, and with `added`. */
export function changedPolicy(
  policy: CompiledPolicy,
  { removed, added }: { readonly removed: readonly PolicyRow[]; readonly added: readonly PolicyRow[] },
): CompiledPolicy {
  const edit = Symbol('change');
  let changed = policy;
  for (const row of removed) changed = withoutRow(changed, row, edit);
  for (const row of added) changed = withRow(changed, row, edit);
  return changed;
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
  return { plan, groups: undefined, classes, size: 0, people: 0, place, model, signs: pathSigns() };
}

function withRow(policy: CompiledPolicy, row: PolicyRow, edit: Edit): CompiledPolicy {
  const name = groupOf(policy.model, row.subject);
  const before = lookUp(policy.groups, name);
  const after = addToGroup(before, policy.place(row), optionsOf(policy, edit));
  const groups = after === before ? policy.groups : withEntry(policy.groups, name, after, edit);
  const people = before === undefined && !isRole(name) ? policy.people + 1 : policy.people;
  return { ...policy, groups, size: policy.size + 1, people };
}

function withoutRow(policy: CompiledPolicy, row: PolicyRow, edit: Edit): CompiledPolicy {
  const name = groupOf(policy.model, row.subject);
  const before = lookUp(policy.groups, name);
  const size = policy.size - 1;
  if (before === undefined) return { ...policy, size };
  const after = removeFromGroup(before, policy.place(row), optionsOf(policy, edit));
  if (after !== undefined) {
    const groups = after === before ? policy.groups : withEntry(policy.groups, name, after, edit);
    return { ...policy, groups, size };
  }
  const people = isRole(name) ? policy.people : policy.people - 1;
  return { ...policy, groups: withoutEntry(policy.groups, name, edit), size, people };
}

function optionsOf({ model }: CompiledPolicy, edit: Edit): GroupOptions {
  return { edit, effect: model.effect, hasOneSubject: model.tie !== undefined };
}
