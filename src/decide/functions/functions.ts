/** The functions a matcher or condition may call: name, kinds of its arguments, and how it is called with any values. */
import { between, checkBound } from './between.ts';
import { checkGlob, globMatch } from './glob-match.ts';
import { checkKeyPattern, keyMatch2 } from './key-match2.ts';
import { checkPathPattern } from './path-pattern.ts';
import { checkRange, ipMatch } from './ip-match.ts';
import { checkRegex, regexMatch } from './regex-match.ts';
import { keyMatch } from './key-match.ts';
import { labelMatch } from './label-match.ts';
import { pathMatch } from './path-match.ts';

/**
 * What may stand for an argument: `value` any token or string, `subject` and `time` only that request token,
 * `pattern` a string or a policy column, checked by `check` when it is written.
 */
export interface Parameter {
  readonly kind: 'value' | 'subject' | 'time' | 'pattern';
  readonly check?: (pattern: string) => string | undefined;
}

export interface RegisteredFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Takes what Casbin passes. Throws a `TypeError` unless every argument is a string. */
  readonly call: (...values: readonly unknown[]) => boolean;
}

const VALUE: Parameter = { kind: 'value' };

export const FUNCTIONS: readonly RegisteredFunction[] = [
  define('labelMatch', [VALUE, { kind: 'pattern' }], (x, pattern) => labelMatch(x, pattern)),
  define('pathMatch', [VALUE, checked(checkPathPattern), { kind: 'subject' }], (path, expected, subject) =>
    pathMatch(path, expected, subject),
  ),
  define('between', [{ kind: 'time' }, checked(checkBound), checked(checkBound)], (time, start, end) =>
    between(time, start, end),
  ),
  define('ipMatch', [VALUE, checked(checkRange)], (address, range) => ipMatch(address, range)),
  define('keyMatch', [VALUE, { kind: 'pattern' }], (key, expected) => keyMatch(key, expected)),
  define('keyMatch2', [VALUE, checked(checkKeyPattern)], (key, expected) => keyMatch2(key, expected)),
  define('globMatch', [VALUE, checked(checkGlob)], (text, expected) => globMatch(text, expected)),
  define('regexMatch', [VALUE, checked(checkRegex)], (text, expected) => regexMatch(text, expected)),
];

/** The function called `name`, or `undefined`. */
export function findFunction(name: string): RegisteredFunction | undefined {
  return FUNCTIONS.find((entry) => entry.name === name);
}

/** A function by this name that refuses anything but strings, in the number it declares. */
export function define(
  name: string,
  parameters: readonly Parameter[],
  apply: (a: string, b: string, c: string) => boolean,
): RegisteredFunction {
  const call = (...values: readonly unknown[]): boolean => {
    const [a, b, c = ''] = values;
    if (
      values.length !== parameters.length ||
      typeof a !== 'string' ||
      typeof b !== 'string' ||
      typeof c !== 'string'
    ) {
      throw new TypeError(`expected ${parameters.length} strings for \`${name}\``);
    }
    return apply(a, b, c);
  };
  return { name, parameters, call };
}

function checked(check: (pattern: string) => string | undefined): Parameter {
  return { kind: 'pattern', check };
}
