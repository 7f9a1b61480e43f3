/** Reads the values in an expression: `r.NAME`, `p.NAME`, strings, plain numbers, `true` and `false`. */
import type jsep from 'jsep';
import { checkLiteral } from './check-literal.ts';
import { refuse } from './scope.ts';
import type { Value } from './expression.ts';
import type { Reader } from './scope.ts';

/** The value of `node`, or `undefined` after noting why it is not one. */
export function readValue(reader: Reader, node: jsep.Expression): Value | undefined {
  if (node.type === 'MemberExpression') return readMember(reader, node as jsep.MemberExpression);
  if (node.type !== 'Literal')
    return refuse(reader, `expected a token or a literal, received ${describe(node)}`);
  const { value, raw } = node as jsep.Literal;
  if (typeof value === 'boolean') return { kind: 'literal', value };
  if (typeof value === 'number' && /^\d{1,15}(\.\d{1,6})?$/.test(raw)) return { kind: 'literal', value };
  if (typeof value !== 'string') return refuse(reader, `\`${raw}\` is not allowed`);
  const reason = checkLiteral(value, reader.scope.kind);
  return reason === undefined ? { kind: 'literal', value } : refuse(reader, reason);
}

function readMember(reader: Reader, node: jsep.MemberExpression): Value | undefined {
  const { scope } = reader;
  const owner = identifierOf(node.object);
  const name = node.computed || node.optional === true ? undefined : identifierOf(node.property);
  if (name === undefined || (owner !== 'r' && owner !== 'p')) {
    return refuse(reader, 'only `r.NAME` and `p.NAME` are allowed before and after a dot');
  }
  if (owner === 'r') {
    if (scope.request.some((token) => token.name === name)) return { kind: 'request', name };
    return refuse(reader, `there is no \`r.${name}\`; there are ${names(scope.request, 'r')}`);
  }
  if (scope.kind === 'condition') return refuse(reader, `a condition may not use \`p.${name}\``);
  if (scope.columns.some((column) => column.name === name)) return { kind: 'policy', name };
  return refuse(reader, `there is no \`p.${name}\`; there are ${names(scope.columns, 'p')}`);
}

function names(entries: readonly { readonly name: string }[], owner: string): string {
  return entries.map((entry) => `\`${owner}.${entry.name}\``).join(', ');
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ArrayExpression: 'a list',
  BinaryExpression: 'a calculation or comparison',
  CallExpression: 'a call',
  Compound: 'several expressions (`in` is not supported: compare with `==`)',
  ConditionalExpression: 'a choice (`? :`)',
  LogicalExpression: 'a condition',
  MemberExpression: 'a bare value: compare it with something',
  SequenceExpression: 'a sequence',
  ThisExpression: '`this`',
  UnaryExpression: 'a calculation',
};

/** What `node` is, in words. */
export function describe(node: jsep.Expression): string {
  const name = identifierOf(node);
  if (name !== undefined) return `the name \`${name}\``;
  return DESCRIPTIONS[node.type] ?? 'something that is not allowed';
}

/** The name `node` is, or undefined when it is something else. */
export function identifierOf(node: jsep.Expression): string | undefined {
  return node.type === 'Identifier' ? (node as jsep.Identifier).name : undefined;
}
