/** Puts every rule in its place: the group of its subject, its path pattern, its labels, and what is left to evaluate. */
import { STEP } from '../in-turns.ts';
import { addToGroup, smallGroup } from './rule-group.ts';
import { createLabelClasses } from './label-classes.ts';
import { createRestOf } from './rest-of.ts';
import { arrayOf } from './persistent-array.ts';
import { groupOf, optionsOf, roleNumber } from './compiled-policy.ts';
import { mapOf } from './persistent-map.ts';
import { MAX_LISTED_RULES } from './rule-list.ts';
import { pathSigns } from './path-signs.ts';
import { changedPatternIndex, emptyPatternIndex, mayHoldMany } from './pattern-index.ts';
import { planOf } from './plan.ts';
import type { Steps } from '../in-turns.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { ConditionReader } from '../read-condition.ts';
import type { RoleIndex } from '../role-index.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { PatternIndex } from './pattern-index.ts';
import type { Edit } from './persistent-map.ts';
import type { GroupOptions, Placed, RuleGroup } from './rule-group.ts';

export interface CompileParts {
  readonly model: ParsedModel;
  readonly readCondition: ConditionReader;
  /** Who holds what: by the same numbers rules are found. */
  readonly roles: Pick<RoleIndex, 'numbers' | 'mostHeld'>;
}

/** Compiles rules that were checked under the model. */
export function* compilePolicy(parts: CompileParts, rows: readonly PolicyRow[]): Steps<CompiledPolicy> {
  const empty = emptyPolicy(parts);
  const options = optionsOf(empty, Symbol('build'));
  const ofPeople = new Map<string, RuleGroup>();
  const ofRoles: (RuleGroup | undefined)[] = [];
  // one group after the other: what a question looks at together then lies together in memory
  for (const [name, own] of yield* rowsByGroup(parts.model, rows)) {
    yield;
    const group = yield* groupOfRows(own, empty.place, options);
    const role = roleNumber(empty, name);
    if (role === undefined) ofPeople.set(name, group);
    else ofRoles[role] = group;
  }
  return {
    ...empty,
    ofPeople: mapOf(ofPeople, options.edit),
    ofRoles: arrayOf(ofRoles),
    size: rows.length,
    byPattern: yield* indexPatterns(empty, rows, options.edit),
  };
}

function* indexPatterns(
  { byPattern, place }: CompiledPolicy,
  rows: readonly PolicyRow[],
  edit: Edit,
): Steps<PatternIndex | undefined> {
  let index = byPattern;
  if (index === undefined) return undefined;
  for (const [at, row] of rows.entries()) {
    if (at % STEP === 0) yield;
    index = changedPatternIndex(index, place(row), { edit, isAdded: true });
  }
  return index;
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

function emptyPolicy({ roles, ...parts }: CompileParts): CompiledPolicy {
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
  const isForCrowd = mayHoldMany(roles) && model.tie?.kind === 'g';
  return {
    plan,
    ofPeople: undefined,
    ofRoles: [],
    numbers: roles.numbers,
    classes,
    size: 0,
    place,
    model,
    signs: pathSigns(),
    byPattern: isForCrowd ? emptyPatternIndex() : undefined,
  };
}
