/**
 * The small language of matchers and conditions after it was checked. Casbin is given `printExpression`'s text and not
 * the text somebody wrote: what is evaluated is what was checked, whatever two parsers may think of the original.
 */

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Value =
  | { readonly kind: 'request'; readonly name: string }
  | { readonly kind: 'policy'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean };

export type Test =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'not'; readonly operand: Test }
  | { readonly kind: 'and' | 'or'; readonly left: Test; readonly right: Test }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Value; readonly right: Value }
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Value[] }
  | { readonly kind: 'eval'; readonly column: string };

/** The text Casbin evaluates: no blanks outside literals, so that none of its rewriting finds anything else to change. */
export function printExpression(test: Test): string {
  switch (test.kind) {
    case 'constant':
      return String(test.value);
    case 'not':
      return `!${printOperand(test.operand)}`;
    case 'and':
      return `${printOperand(test.left)}&&${printOperand(test.right)}`;
    case 'or':
      return `${printOperand(test.left)}||${printOperand(test.right)}`;
    case 'compare':
      return `${printValue(test.left)}${test.operator}${printValue(test.right)}`;
    case 'call':
      return `${test.name}(${test.values.map(printValue).join(',')})`;
    case 'eval':
      return `eval(p.${test.column})`;
  }
}

function printOperand(test: Test): string {
  const text = printExpression(test);
  return test.kind === 'and' || test.kind === 'or' || test.kind === 'compare' ? `(${text})` : text;
}

/** A value as the language writes it. */
export function printValue(value: Value): string {
  if (value.kind === 'literal')
    return typeof value.value === 'string' ? `'${value.value}'` : String(value.value);
  return `${value.kind === 'request' ? 'r' : 'p'}.${value.name}`;
}

/** Every part of `test`, itself first. */
export function partsOf(test: Test): Test[] {
  if (test.kind === 'not') return [test, ...partsOf(test.operand)];
  if (test.kind === 'and' || test.kind === 'or') return [test, ...partsOf(test.left), ...partsOf(test.right)];
  return [test];
}

/** Every value that stands in `test`. */
export function valuesOf(test: Test): Value[] {
  return partsOf(test).flatMap((part) => {
    if (part.kind === 'compare') return [part.left, part.right];
    return part.kind === 'call' ? part.values : [];
  });
}

/** The parts joined by `&&` at the top: all must hold. */
export function conjunctsOf(test: Test): Test[] {
  return test.kind === 'and' ? [...conjunctsOf(test.left), ...conjunctsOf(test.right)] : [test];
}
