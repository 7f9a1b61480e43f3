/**
 * The allow-list for matchers and conditions. Casbin's evaluator lets an expression reach JavaScript
 * (`constructor`, `this`, computed members), so only what is listed here is ever handed to it.
 */
import jsep from 'jsep';
import { findFunction } from './functions/functions.ts';
import { describe, identifierOf, readValue } from './read-value.ts';
import { fieldOf, isTime, refuse } from './scope.ts';
import { printExpression, printValue } from './expression.ts';
import type { Comparison, Test, Value } from './expression.ts';
import type { Parameter } from './functions/functions.ts';
import type { Reader, Scope } from './scope.ts';

export interface CheckedExpression {
  readonly test: Test;
  /** Canonical text, the only one Casbin sees. */
  readonly text: string;
}

const LIMITS = { matcher: 4096, condition: 1024 } as const;
const MAX_DEPTH = 32;
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

/** Reads and checks `text`; `problems` says everything that is not allowed, and is empty when `expression` is there. */
export function checkExpression(
  text: string,
  scope: Scope,
): { readonly expression?: CheckedExpression; readonly problems: readonly string[] } {
  const before = checkText(text, scope);
  if (before !== undefined) return { problems: [before] };
  let tree: jsep.Expression;
  try {
    tree = jsep(text);
  } catch (error) {
    return { problems: [`cannot be read: ${error instanceof Error ? error.message : 'too deep'}`] };
  }
  const reader: Reader = { scope, problems: [] };
  const test = readTest(reader, tree, 0);
  if (test === undefined || reader.problems.length > 0) return { problems: [...new Set(reader.problems)] };
  return { expression: { test, text: printExpression(test) }, problems: [] };
}

/** What is refused before any parser sees it: length, and nesting that would exhaust the parser's stack. */
function checkText(text: string, scope: Scope): string | undefined {
  if (text.trim() === '') return 'is empty: write `true` for no condition';
  const limit = LIMITS[scope.kind];
  if (text.length > limit) return `expected at most ${limit} characters, received ${text.length}`;
  // eslint-disable-next-line no-control-regex -- the point is to find them
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) return 'expected one line without control characters';
  const sign = /[$#;\\`]/.exec(text)?.[0];
  if (sign !== undefined) return `\`${sign}\` is not allowed`;
  const tooDeep = `expected at most ${MAX_DEPTH} levels of brackets`;
  if (/(?:!\s*){9}/.test(text)) return tooDeep;
  let depth = 0;
  for (const character of text) {
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    if (depth > MAX_DEPTH) return tooDeep;
  }
  return undefined;
}

/** Something that is true or false. */
function readTest(reader: Reader, node: jsep.Expression, depth: number): Test | undefined {
  if (depth > MAX_DEPTH * 4) return refuse(reader, 'is nested too deep');
  switch (node.type) {
    case 'Literal': {
      const { value, raw } = node as jsep.Literal;
      if (typeof value === 'boolean') return { kind: 'constant', value };
      return refuse(reader, `expected something true or false, received \`${raw}\``);
    }
    case 'UnaryExpression':
      return readNot(reader, node as jsep.UnaryExpression, depth);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return readBinary(reader, node as jsep.BinaryExpression, depth);
    case 'CallExpression':
      return readCall(reader, node as jsep.CallExpression);
    default:
      return refuse(reader, `expected something true or false, received ${describe(node)}`);
  }
}

function readNot(reader: Reader, node: jsep.UnaryExpression, depth: number): Test | undefined {
  if (node.operator !== '!') return refuse(reader, `the operator \`${node.operator}\` is not allowed`);
  const operand = readTest(reader, node.argument, depth + 1);
  return operand && { kind: 'not', operand };
}

function readBinary(reader: Reader, node: jsep.BinaryExpression, depth: number): Test | undefined {
  const { operator } = node;
  if (operator === '&&' || operator === '||') {
    const left = readTest(reader, node.left, depth + 1);
    const right = readTest(reader, node.right, depth + 1);
    return left && right && { kind: operator === '&&' ? 'and' : 'or', left, right };
  }
  if (!COMPARISONS.includes(operator)) {
    return refuse(
      reader,
      `the operator \`${operator}\` is not allowed: use && || ! ${COMPARISONS.join(' ')}`,
    );
  }
  const left = readValue(reader, node.left);
  const right = readValue(reader, node.right);
  if (left === undefined || right === undefined) return undefined;
  if (isTime(reader.scope, left) || isTime(reader.scope, right)) {
    return refuse(
      reader,
      `\`${printValue(left)} ${operator} ${printValue(right)}\`: compare time with \`between\``,
    );
  }
  return { kind: 'compare', operator: operator as Comparison, left, right };
}

function readCall(reader: Reader, node: jsep.CallExpression): Test | undefined {
  const name = identifierOf(node.callee);
  if (name === undefined || node['optional'] === true) {
    return refuse(reader, 'only the functions by their name can be called');
  }
  if (reader.scope.kind === 'matcher' && name === 'eval') return readEval(reader, node);
  const parameters = parametersOf(reader.scope, name);
  if (parameters === undefined) return refuse(reader, `there is no function \`${name}\``);
  if (node.arguments.length !== parameters.length) {
    return refuse(
      reader,
      `\`${name}\` takes ${parameters.length} arguments, received ${node.arguments.length}`,
    );
  }
  const values = node.arguments.map((argument) => readValue(reader, argument));
  if (!values.every((value) => value !== undefined)) return undefined;
  for (const [index, value] of values.entries()) checkArgument(reader, name, parameters[index], value);
  return { kind: 'call', name, values };
}

function readEval(reader: Reader, node: jsep.CallExpression): Test | undefined {
  const [argument] = node.arguments;
  const value =
    node.arguments.length === 1 && argument !== undefined ? readValue(reader, argument) : undefined;
  if (value?.kind !== 'policy') return refuse(reader, '`eval` takes one policy column, as in `eval(p.cond)`');
  return { kind: 'eval', column: value.name };
}

function parametersOf(scope: Scope, name: string): readonly Parameter[] | undefined {
  if (name === 'g') {
    const arity = scope.kind === 'matcher' ? scope.roleArity : 0;
    return arity === 0 ? undefined : Array.from({ length: arity }, () => ({ kind: 'value' as const }));
  }
  return findFunction(name)?.parameters;
}

function checkArgument(reader: Reader, name: string, parameter: Parameter | undefined, value: Value): void {
  const { scope } = reader;
  const written = printValue(value);
  if (value.kind === 'literal' && typeof value.value !== 'string') {
    refuse(reader, `\`${name}\` takes strings, received \`${written}\``);
  } else if (parameter?.kind === 'time') {
    if (!isTime(scope, value))
      refuse(reader, `\`${name}\` takes the request's time first, received \`${written}\``);
  } else if (isTime(scope, value)) {
    refuse(reader, `\`${name}(${written})\`: compare time with \`between\``);
  } else if (parameter?.kind === 'subject') {
    if (fieldOf(scope, value) !== 'sub')
      refuse(reader, `\`${name}\` takes the asker last, received \`${written}\``);
  } else if (parameter?.kind === 'pattern') {
    if (value.kind === 'request')
      refuse(reader, `\`${name}\` takes its pattern from the policy, received \`${written}\``);
    const reason = value.kind === 'literal' ? parameter.check?.(String(value.value)) : undefined;
    if (reason !== undefined) refuse(reader, `\`${name}\` with \`${written}\`: ${reason}`);
  }
}
