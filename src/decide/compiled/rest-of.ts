/** What is left of a matcher for one rule after the index: rules with the same conditions share it. */
import { compileTest, mayFail } from './compile-test.ts';
import { partsOf } from '../expression.ts';
import type { Test } from '../expression.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { ConditionReader } from '../read-condition.ts';
import type { Check, CompileScope } from './compile-test.ts';
import type { Plan } from './plan.ts';

/** What is left for a rule. */
export interface Rest {
  /** `undefined` when the index says it all. */
  readonly check: Check | undefined;
  readonly mayFail: boolean;
  /** Whether it may fail before Casbin comes to what is in the index, so that the index must not be asked first. */
  readonly isLoose: boolean;
}

export interface RestParts {
  readonly model: ParsedModel;
  readonly readCondition: ConditionReader;
}

interface Condition {
  readonly test: Test;
  readonly check: Check;
  readonly mayFail: boolean;
}

/** A function that gives what is left for a rule's values. */
export function createRestOf(plan: Plan, parts: RestParts): (values: readonly string[]) => Rest {
  const { model } = parts;
  const conditions = createConditions(parts);
  const scope = scopeOf(parts, (text) => conditions(text)?.check);
  const whole = allOf(plan.whole.map((test) => compileTest(test, scope)));
  const rest = plan.rest.map(({ test, isBeforeIndex }) => ({
    test,
    isBeforeIndex,
    check: compileTest(test, scope),
    fails: mayFail(test),
    columns: evalColumns(test, model),
  }));
  const columns = [...new Set(rest.flatMap((each) => each.columns))];
  const known = new Map<string, Rest>();
  const restOf = (values: readonly string[]): Rest => {
    const fails = (each: (typeof rest)[number]) =>
      each.fails || each.columns.some((column) => conditions(values[column] ?? '')?.mayFail !== false);
    const checks = rest.flatMap(({ test, check }): Check[] => {
      if (test.kind === 'constant' && test.value) return [];
      if (test.kind !== 'eval') return [check];
      const condition = conditions(values[scope.columnOf(test.column)] ?? '');
      if (condition === undefined) return [check];
      return condition.test.kind === 'constant' && condition.test.value ? [] : [condition.check];
    });
    const isLoose = rest.some((each) => each.isBeforeIndex && fails(each));
    return { check: isLoose ? whole : allOf(checks), mayFail: rest.some(fails), isLoose };
  };
  return (values) => {
    const [only] = columns;
    const key =
      columns.length === 1 && only !== undefined
        ? (values[only] ?? '')
        : JSON.stringify(columns.map((column) => values[column] ?? ''));
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = restOf(values)));
    return found;
  };
}

/** Conditions by their text, compiled once. */
function createConditions(parts: RestParts): (text: string) => Condition | undefined {
  const known = new Map<string, Condition>();
  const scope = scopeOf(parts, () => undefined);
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const test = parts.readCondition(text).expression?.test;
    if (test === undefined) return undefined;
    const condition = { test, check: compileTest(test, scope), mayFail: mayFail(test) };
    known.set(text, condition);
    return condition;
  };
}

function scopeOf({ model }: RestParts, condition: CompileScope['condition']): CompileScope {
  return {
    fieldOf: (token) => model.request.find((each) => each.name === token)?.field,
    columnOf: (name) => model.columns.findIndex((column) => column.name === name),
    condition,
  };
}

/** Positions of the columns that `test` evaluates as conditions. */
function evalColumns(test: Test, model: ParsedModel): number[] {
  return partsOf(test).flatMap((part) =>
    part.kind === 'eval' ? [model.columns.findIndex((column) => column.name === part.column)] : [],
  );
}

/** All of `checks`, in their order; `undefined` for none. */
function allOf(checks: readonly Check[]): Check | undefined {
  const [first, ...others] = checks;
  if (first === undefined) return undefined;
  const second = allOf(others);
  return second === undefined ? first : (asked, values) => first(asked, values) && second(asked, values);
}
