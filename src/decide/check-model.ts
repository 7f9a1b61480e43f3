/** Whether a model can be put in force over the rules and grants there are: everything that speaks against it, at once. */
import { AppError } from '../core/errors.ts';
import { atOnce, STEP } from './in-turns.ts';
import { readModel } from './parse-model.ts';
import { createRuleChecker } from './check-rule.ts';
import type { FieldProblem } from '../core/errors.ts';
import type { GrantRecord, RuleRecord } from '../core/policy.ts';
import type { Steps } from './in-turns.ts';
import type { ParsedModel } from './parse-model.ts';

export interface ModelOptions {
  /** Whether an effect may allow where no rule does (`--allow-default-allow`). */
  readonly allowDefaultAllow: boolean;
  /** Grants that must keep their meaning under the model. */
  readonly grants?: readonly GrantRecord[];
}

const MAX_LISTED = 50;

/** The model of `text`, fit for `rules`. Throws `MODEL_INVALID` with every problem, `at` a line or a rule. */
export function checkModel(text: string, rules: readonly RuleRecord[], options: ModelOptions): ParsedModel {
  return atOnce(checkingModel(text, rules, options));
}

/** As `checkModel`, in steps. */
export function* checkingModel(
  text: string,
  rules: readonly RuleRecord[],
  options: ModelOptions,
): Steps<ParsedModel> {
  const problems: FieldProblem[] = [];
  const model = readModel(text, problems);
  if (model !== undefined) {
    problems.push(...effectProblems(model, options));
    yield* addRuleProblems(model, rules, problems);
    yield* addGrantProblems(model, options.grants ?? [], problems);
  }
  if (model === undefined || problems.length > 0)
    throw new AppError('MODEL_INVALID', { problems: shortened(problems) });
  return model;
}

function effectProblems(model: ParsedModel, options: ModelOptions): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (model.effect === 'deny-override' && !options.allowDefaultAllow) {
    const message =
      'this effect allows where no rule does: add `some(where (p.eft == allow)) &&`, or start with `--allow-default-allow`';
    problems.push({ at: `line ${model.lines['e']}`, message });
  }
  if (!model.mentionsPolicy && !options.allowDefaultAllow) {
    problems.push({
      at: `line ${model.lines['m']}`,
      message: 'the matcher names no `p.` column, so it would allow without any rule',
    });
  }
  if (model.effect === 'subject-priority' && !fitsSubjectPriority(model)) {
    const message =
      '`subjectPriority` needs `p = sub, obj, …` with `g = _, _`, or `p = sub, obj, dom, …` with `g = _, _, _`: Casbin reads grants by these positions';
    problems.push({ at: `line ${model.lines['e']}`, message });
  }
  return problems;
}

/** Casbin finds subject, role and domain of a grant at the positions that `sub`, `obj` and `dom` have in `p`. */
function fitsSubjectPriority(model: ParsedModel): boolean {
  const expected = ['sub', 'obj', 'dom'].slice(0, model.roleArity);
  return expected.length > 0 && expected.every((name, index) => model.columns[index]?.name === name);
}

function* addRuleProblems(
  model: ParsedModel,
  rules: readonly RuleRecord[],
  problems: FieldProblem[],
): Steps<void> {
  const problemsOf = createRuleChecker(model);
  for (const [index, rule] of rules.entries()) {
    if (index % STEP === 0) yield;
    for (const { at, message } of problemsOf(rule.fields))
      problems.push({ at: `rule ${rule.id}`, message: `\`${at}\` ${message}` });
  }
}

function* addGrantProblems(
  model: ParsedModel,
  grants: readonly GrantRecord[],
  problems: FieldProblem[],
): Steps<void> {
  for (let at = 0; at < grants.length; at += STEP) {
    yield;
    problems.push(...grantProblems(model, grants.slice(at, at + STEP)));
  }
}

/** What speaks against grants under a model. */
export function grantProblems(model: ParsedModel, grants: readonly GrantRecord[]): FieldProblem[] {
  if (model.roleArity === 3) return [];
  return grants.flatMap((grant) => {
    const reason = model.roleArity === 0 ? 'the model has no roles' : 'the model has no server in `g`';
    const lost = model.roleArity === 0 || grant.server !== '*';
    return lost
      ? [{ at: `grant ${grant.id}`, message: `${reason}, so this grant would lose its meaning` }]
      : [];
  });
}

function shortened(problems: readonly FieldProblem[]): FieldProblem[] {
  if (problems.length <= MAX_LISTED) return [...problems];
  const more = problems.length - MAX_LISTED;
  return [...problems.slice(0, MAX_LISTED), { at: 'and', message: `${more} more` }];
}
