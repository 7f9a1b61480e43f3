/** Whether a rule can be stored under a model, and the form it is stored in. */
import { AppError } from '../core/errors.ts';
import { isAction, isResource, ACTIONS } from '../core/labels.ts';
import { subjectName } from '../core/names.ts';
import { createConditionReader } from './read-condition.ts';
import { columnDefault, storedFields } from './columns.ts';
import type { FieldProblem } from '../core/errors.ts';
import type { ModelColumn } from './model-shape.ts';
import type { ConditionReader } from './read-condition.ts';
import type { ParsedModel } from './parse-model.ts';

const MAX_VALUE_LENGTH = 2048;
/** Values of a column whose problems are remembered: most rules share theirs, and where they do not it helps nobody. */
const MAX_KNOWN_VALUES = 512;
/** Columns that a rule must name, because their empty default matches nothing. */
const REQUIRED = new Set(['sub', 'res', 'act']);

/** A problem with a rule, and whether it is one of its condition. */
export interface RuleProblem extends FieldProblem {
  readonly inCondition: boolean;
}

/**
 * The rule as it is stored: every column of `model` by its stored name, defaults filled in, the subject's name in its
 * canonical form. Throws `CONDITION_INVALID` when only its condition is wrong, otherwise `INPUT_INVALID`, with `problems`.
 */
export function checkRule(
  fields: Readonly<Record<string, string>>,
  model: ParsedModel,
): Record<string, string> {
  return createRuleCheck(model)(fields);
}

/** `checkRule` for many rules: what they share is checked once. */
export function createRuleCheck(
  model: ParsedModel,
): (fields: Readonly<Record<string, string>>) => Record<string, string> {
  const problemsOf = createRuleChecker(model);
  return (fields) => {
    const problems = problemsOf(fields);
    if (problems.length === 0) return canonicalRule(fields, model);
    const code = problems.every((problem) => problem.inCondition) ? 'CONDITION_INVALID' : 'INPUT_INVALID';
    const [first] = problems;
    throw new AppError(code, {
      ...(first === undefined ? {} : { detail: `\`${first.at}\` ${first.message}` }),
      problems: problems.map(({ at, message }) => ({ at, message })),
    });
  };
}

/** A function that tells everything that is wrong with a rule under `model`; reads equal conditions once. */
export function createRuleChecker(
  model: ParsedModel,
  readCondition: ConditionReader = createConditionReader(model),
): (fields: Readonly<Record<string, string>>) => RuleProblem[] {
  const used = new Set(model.columns.flatMap(({ field, isUsed }) => (isUsed ? [field] : [])));
  const areExpected = (fields: Readonly<Record<string, string>>): boolean => {
    for (const name in fields) if (!used.has(name)) return false;
    return true;
  };
  const known = model.columns.map(() => new Map<string, RuleProblem[]>());
  return (fields) => {
    const problems = areExpected(fields) ? [] : unknownFields(storedFields(fields), model);
    const values = ruleValues(fields, model);
    for (let index = 0; index < values.length; index++) {
      const column = model.columns[index];
      const value: string | undefined = values[index];
      if (column === undefined || value === undefined) continue;
      let found = known[index]?.get(value);
      if (found === undefined) {
        found = valueProblems(value, column, readCondition);
        if (typeof value === 'string' && (known[index]?.size ?? 0) < MAX_KNOWN_VALUES)
          known[index]?.set(value, found);
      }
      if (found.length > 0) problems.push(...found);
    }
    return problems;
  };
}

/** Value of each column of `model`, in its order. */
export function ruleValues(fields: Readonly<Record<string, string>>, model: ParsedModel): string[] {
  const values: string[] = [];
  let named = 0;
  for (const { field, defaultValue } of model.columns) {
    const isNamed = Object.hasOwn(fields, field);
    if (isNamed) named += 1;
    values.push(isNamed ? (fields[field] ?? defaultValue) : defaultValue);
  }
  // No other name was left over: as it is for every rule that was stored under this model.
  if (named === Object.keys(fields).length) return values;
  const stored = storedFields(fields);
  return model.columns.map((column) => stored.get(column.field) ?? column.defaultValue);
}

/** Reason why `pattern` names no resources or actions there are, or `undefined`. */
export function checkLabels(field: string, pattern: string): string | undefined {
  const isKnown = field === 'act' ? isAction : isResource;
  const unknown = pattern
    .split('|')
    .find((part) => part !== '*' && !(field === 'res' && part === 'gate:*') && !isKnown(part));
  if (unknown === undefined) return undefined;
  const expected = field === 'act' ? ACTIONS.join(', ') : 'a resource such as `contents`';
  return `expected ${expected}, \`*\` or a list \`a|b\`, received \`${unknown.slice(0, 60)}\``;
}

function canonicalRule(fields: Readonly<Record<string, string>>, model: ParsedModel): Record<string, string> {
  const values = ruleValues(fields, model);
  const entries = model.columns.map((column, index): [string, string] => {
    const value = values[index] ?? column.defaultValue;
    return [column.field, column.namesSubject ? subjectName(value) : value];
  });
  return Object.fromEntries(entries);
}

function unknownFields(stored: Iterable<readonly [string, string]>, model: ParsedModel): RuleProblem[] {
  const problems: RuleProblem[] = [];
  for (const [field, value] of stored) {
    const column = model.columns.find((entry) => entry.field === field);
    if (column?.isUsed === true || value === columnDefault(field)) continue;
    const message =
      column === undefined
        ? `is no column of the model; there are ${model.columns.map((each) => each.name).join(', ')}`
        : 'is a column that the model does not use, so this value would have no effect';
    problems.push({ at: field, message, inCondition: false });
  }
  return problems;
}

function valueProblems(value: unknown, column: ModelColumn, readCondition: ConditionReader): RuleProblem[] {
  const problem = (message: string) => [{ at: column.field, message, inCondition: false }];
  if (typeof value !== 'string') return problem(`expected text, received ${typeof value}`);
  if (column.holdsCondition) {
    return readCondition(value).problems.map((message) => ({ at: column.field, message, inCondition: true }));
  }
  if (value.length > MAX_VALUE_LENGTH) return problem(`expected at most ${MAX_VALUE_LENGTH} characters`);
  // eslint-disable-next-line no-control-regex -- the point is to find them
  if (/[\u0000-\u001f\u007f]/.test(value)) return problem('expected no control characters');
  if (value === '' && REQUIRED.has(column.field)) return problem('is missing');
  const reason = fieldReason(value, column) ?? patternReason(value, column);
  return reason === undefined ? [] : problem(reason);
}

function fieldReason(value: string, column: ModelColumn): string | undefined {
  if (column.namesSubject) return subjectReason(value);
  if (column.field === 'eft' && value !== 'allow' && value !== 'deny')
    return `expected allow or deny, received \`${value}\``;
  if (column.field === 'priority' && !/^-?\d{1,9}$/.test(value))
    return `expected a whole number, received \`${value}\``;
  if (column.field !== 'res' && column.field !== 'act') return undefined;
  return column.patterns.some((use) => use.name !== 'labelMatch')
    ? undefined
    : checkLabels(column.field, value);
}

function subjectReason(value: string): string | undefined {
  try {
    subjectName(value);
    return undefined;
  } catch (error) {
    const detail = error instanceof AppError ? error.detail : undefined;
    return `expected a user, \`role:NAME\` or \`anonymous\`: ${detail ?? 'not a name'}`;
  }
}

function patternReason(value: string, column: ModelColumn): string | undefined {
  for (const { parameter } of column.patterns) {
    const reason = parameter.check?.(value);
    if (reason !== undefined) return `${reason}, received \`${value.slice(0, 80)}\``;
  }
  return undefined;
}
