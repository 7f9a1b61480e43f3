/** Evaluates a checked expression part by part, to tell people why a rule does not match. Decisions are Casbin's. */
import { printExpression, printValue } from './expression.ts';
import type { Test, Value } from './expression.ts';
import type { RegisteredFunction } from './functions/functions.ts';

export interface Context {
  readonly request: ReadonlyMap<string, string>;
  readonly policy: ReadonlyMap<string, string>;
  readonly functions: readonly RegisteredFunction[];
  readonly holds: (subject: string, role: string, server: string) => boolean;
  /** The condition that stands in a column, read. */
  readonly condition: (text: string) => Test | undefined;
}

/** Whether `test` holds. Throws what a function throws. */
export function evaluate(test: Test, context: Context): boolean {
  switch (test.kind) {
    case 'constant':
      return test.value;
    case 'not':
      return !evaluate(test.operand, context);
    case 'and':
      return evaluate(test.left, context) && evaluate(test.right, context);
    case 'or':
      return evaluate(test.left, context) || evaluate(test.right, context);
    case 'compare':
      return compare(test.operator, valueOf(test.left, context), valueOf(test.right, context));
    case 'call':
      return call(
        test.name,
        test.values.map((value) => valueOf(value, context)),
        context,
      );
    case 'eval': {
      const condition = context.condition(context.policy.get(test.column) ?? '');
      return condition !== undefined && evaluate(condition, context);
    }
  }
}

/** Why `test` does not hold, in words; `''` when it does. */
export function explainFailure(test: Test, context: Context): string {
  try {
    return evaluate(test, context) ? '' : inWords(test, context);
  } catch (error) {
    return `${inWords(test, context)}, because it failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function inWords(test: Test, context: Context): string {
  if (test.kind === 'eval') return `the condition \`${context.policy.get(test.column) ?? ''}\` does not hold`;
  if (test.kind === 'call') {
    const [first, second] = test.values;
    if (first === undefined || second === undefined) return `\`${printExpression(test)}\` does not hold`;
    const [asked, named] = [first, second].map((value) => `\`${String(valueOf(value, context))}\``);
    if (test.name === 'g') return `${asked} does not hold ${named}`;
    return `${first.kind === 'request' ? `${first.name} ` : ''}${asked} does not match ${named}`;
  }
  if (test.kind === 'compare') {
    const [left, right] = [test.left, test.right].map((value) => `\`${String(valueOf(value, context))}\``);
    return `\`${printValue(test.left)} ${test.operator} ${printValue(test.right)}\` does not hold: ${left} and ${right}`;
  }
  return `\`${printExpression(test)}\` does not hold`;
}

function valueOf(value: Value, context: Context): string | number | boolean {
  if (value.kind === 'literal') return value.value;
  const values = value.kind === 'request' ? context.request : context.policy;
  return values.get(value.name) ?? '';
}

function call(name: string, values: readonly (string | number | boolean)[], context: Context): boolean {
  if (name === 'g') {
    const [subject, role, server = '*'] = values.map(String);
    return subject === role || context.holds(subject ?? '', role ?? '', server);
  }
  return context.functions.find((entry) => entry.name === name)?.call(...values) ?? false;
}

function compare(
  operator: string,
  left: string | number | boolean,
  right: string | number | boolean,
): boolean {
  switch (operator) {
    case '==':
      // oxlint-disable-next-line eqeqeq -- Casbin's evaluator compares loosely, and this tells what it does
      return left == right;
    case '!=':
      // oxlint-disable-next-line eqeqeq -- as above
      return left != right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
