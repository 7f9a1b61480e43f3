/** A compiled policy, and where in it the rules of somebody are. */
import { isHeldFurther } from '../implicit-role.ts';
import { itemAt, itemsIn } from './persistent-array.ts';
import { keysIn, lookUp, valuesIn } from './persistent-map.ts';
import { rowsOf } from './rule-group.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { RoleNumbers } from '../role-numbers.ts';
import type { LabelClasses } from './label-classes.ts';
import type { PathSigns } from './path-signs.ts';
import type { PatternIndex } from './pattern-index.ts';
import type { PersistentArray } from './persistent-array.ts';
import type { Edit, PersistentMap } from './persistent-map.ts';
import type { Plan } from './plan.ts';
import type { GroupOptions, Placed, RuleGroup } from './rule-group.ts';

/** Rules under a model; every version stays. */
export interface CompiledPolicy {
  readonly plan: Plan;
  /** Rules of people by who that is; all rules under `''` when the matcher does not tie them to an asker. */
  readonly ofPeople: PersistentMap<RuleGroup>;
  /** Rules of roles by the role's number. */
  readonly ofRoles: PersistentArray<RuleGroup>;
  readonly numbers: RoleNumbers;
  readonly classes: LabelClasses;
  readonly size: number;
  /** Where a rule goes. What it learns of conditions and labels is shared by all versions. */
  readonly place: (row: PolicyRow) => Placed;
  readonly model: ParsedModel;
  /** Where the signs of a question's path are put. */
  readonly signs: PathSigns;
  /** For people with very many roles, where there may be some. */
  readonly byPattern: PatternIndex | undefined;
}

/** The group of one name: of a subject, or of `''`. */
export function groupNamed(policy: CompiledPolicy, name: string): RuleGroup | undefined {
  if (!isNumbered(policy, name)) return lookUp(policy.ofPeople, name);
  const role = policy.numbers.known(name);
  return role === undefined ? undefined : itemAt(policy.ofRoles, role);
}

/** The group of something that is held, by its number. */
export function groupOfRole(policy: CompiledPolicy, role: number): RuleGroup | undefined {
  const { ofPeople, ofRoles, numbers } = policy;
  return numbers.isRole[role] === true ? itemAt(ofRoles, role) : lookUp(ofPeople, numbers.names[role] ?? '');
}

/** The rules of one group, in Casbin's order. */
export function rowsOfGroup(policy: CompiledPolicy, name: string): PolicyRow[] {
  const group = groupNamed(policy, name);
  return group === undefined ? [] : [...rowsOf(group)].sort((a, b) => a.at - b.at);
}

/** Every rule, in Casbin's order. */
export function allRows({ ofPeople, ofRoles }: CompiledPolicy): PolicyRow[] {
  const rows: PolicyRow[] = [];
  for (const group of valuesIn(ofPeople)) for (const row of rowsOf(group)) rows.push(row);
  for (const group of itemsIn(ofRoles)) for (const row of rowsOf(group)) rows.push(row);
  return rows.sort((a, b) => a.at - b.at);
}

/** Every subject rules are tied to. */
export function* subjectsOf({ ofPeople, ofRoles, numbers }: CompiledPolicy): Generator<string> {
  yield* keysIn(ofPeople);
  for (const [role, name] of numbers.names.entries()) if (itemAt(ofRoles, role) !== undefined) yield name;
}

/** The name of the group that the rules of `subject` are in. */
export function groupOf({ tie }: ParsedModel, subject: string): string {
  return tie === undefined ? '' : subject;
}

/** The number by which the group of a name is found from now on; `undefined` where that is the name. */
export function roleNumber(policy: CompiledPolicy, name: string): number | undefined {
  return isNumbered(policy, name) ? policy.numbers.of(name) : undefined;
}

function isNumbered({ model }: CompiledPolicy, name: string): boolean {
  return model.tie !== undefined && isHeldFurther(name);
}

/** How groups of the policy are changed. */
export function optionsOf({ model }: CompiledPolicy, edit: Edit): GroupOptions {
  return { edit, effect: model.effect, hasOneSubject: model.tie !== undefined };
}
