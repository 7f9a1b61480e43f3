/** Compiles a checked expression to closures: exactly the node types there are, with the comparisons Casbin's evaluator makes. */
import { findFunction } from '../functions/functions.ts';
import { pathLeads } from '../functions/path-match.ts';
import type { Question } from '../../core/question.ts';
import type { Comparison, Test, Value } from '../expression.ts';

/** A question on its way through the compiled policy. */
export interface Asked {
  readonly question: Question;
  /** Whether `pathMatch` asks for something below the path instead. */
  readonly leads: boolean;
  /** Whether `subject` is `role` or holds it. The same rules are evaluated under other grants: so it comes with the question. */
  readonly holds: (subject: string, role: string, server: string) => boolean;
}

/** Whether a test holds for a question and the values of one rule. Throws what a function throws. */
export type Check = (asked: Asked, values: readonly string[]) => boolean;

export interface CompileScope {
  /** Field of the question that a token of `r` stands for. */
  readonly fieldOf: (token: string) => keyof Question | undefined;
  /** Position of a column of `p`. */
  readonly columnOf: (column: string) => number;
  /** The compiled condition that stands in a column; `undefined` when it was never read. */
  readonly condition: (text: string) => Check | undefined;
}

/** Functions that answer for any two or three strings; every other one may throw. */
const NEVER_FAIL: ReadonlySet<string> = new Set(['labelMatch', 'pathMatch', 'keyMatch', 'g']);

/** Whether evaluating `test` can throw. `eval` cannot by itself: what stands in its column is looked at rule by rule. */
export function mayFail(test: Test): boolean {
  if (test.kind === 'not') return mayFail(test.operand);
  if (test.kind === 'and' || test.kind === 'or') return mayFail(test.left) || mayFail(test.right);
  return test.kind === 'call' && !NEVER_FAIL.has(test.name);
}

/** `test` as a closure. */
export function compileTest(test: Test, scope: CompileScope): Check {
  switch (test.kind) {
    case 'constant': {
      const { value } = test;
      return () => value;
    }
    case 'not': {
      const operand = compileTest(test.operand, scope);
      return (asked, values) => !operand(asked, values);
    }
    case 'and': {
      const [left, right] = [compileTest(test.left, scope), compileTest(test.right, scope)];
      return (asked, values) => left(asked, values) && right(asked, values);
    }
    case 'or': {
      const [left, right] = [compileTest(test.left, scope), compileTest(test.right, scope)];
      return (asked, values) => left(asked, values) || right(asked, values);
    }
    case 'compare':
      return compileComparison(
        test.operator,
        compileValue(test.left, scope),
        compileValue(test.right, scope),
      );
    case 'call':
      return compileCall(test.name, test.values, scope);
    case 'eval':
      return compileEval(scope.columnOf(test.column), scope);
  }
}

type Operand = string | number | boolean;
type Read = (asked: Asked, values: readonly string[]) => Operand;

function compileValue(value: Value, scope: CompileScope): Read {
  if (value.kind === 'literal') {
    const literal = value.value;
    return () => literal;
  }
  if (value.kind === 'policy') {
    const column = scope.columnOf(value.name);
    return (_asked, values) => values[column] ?? '';
  }
  const field = scope.fieldOf(value.name);
  if (field === undefined) throw new TypeError(`there is no \`r.${value.name}\``);
  return (asked) => asked.question[field];
}

function compileComparison(operator: Comparison, left: Read, right: Read): Check {
  switch (operator) {
    case '==':
      // oxlint-disable-next-line eqeqeq -- Casbin's evaluator compares loosely: `'1' == 1` holds
      return (asked, values) => left(asked, values) == right(asked, values);
    case '!=':
      // oxlint-disable-next-line eqeqeq -- as above
      return (asked, values) => left(asked, values) != right(asked, values);
    case '<':
      return (asked, values) => left(asked, values) < right(asked, values);
    case '<=':
      return (asked, values) => left(asked, values) <= right(asked, values);
    case '>':
      return (asked, values) => left(asked, values) > right(asked, values);
    case '>=':
      return (asked, values) => left(asked, values) >= right(asked, values);
  }
}

function compileCall(name: string, written: readonly Value[], scope: CompileScope): Check {
  const reads = written.map((value) => compileValue(value, scope));
  const [first, second, third] = reads;
  if (first === undefined || second === undefined) throw new TypeError(`\`${name}\` lacks its arguments`);
  if (name === 'g') return compileRole(first, second, third);
  const call = findFunction(name)?.call;
  if (call === undefined) throw new TypeError(`there is no function \`${name}\``);
  if (name === 'pathMatch' && third !== undefined) {
    return (asked, values) =>
      asked.leads
        ? pathLeads(String(first(asked, values)), String(second(asked, values)), String(third(asked, values)))
        : call(first(asked, values), second(asked, values), third(asked, values));
  }
  return third === undefined
    ? (asked, values) => call(first(asked, values), second(asked, values))
    : (asked, values) => call(first(asked, values), second(asked, values), third(asked, values));
}

function compileRole(first: Read, second: Read, third: Read | undefined): Check {
  return (asked, values) => {
    const subject = String(first(asked, values));
    const role = String(second(asked, values));
    return (
      subject === role || asked.holds(subject, role, third === undefined ? '*' : String(third(asked, values)))
    );
  };
}

function compileEval(column: number, scope: CompileScope): Check {
  return (asked, values) => {
    const condition = scope.condition(values[column] ?? '');
    if (condition === undefined) throw new TypeError('a condition was not read');
    return condition(asked, values);
  };
}
