/**
 * `keyMatch2(key, pattern)`: Casbin's path match with `:name` for one segment and `*` for the rest.
 * Casbin's own builds a regular expression: `.` is then any character, and `/foo/:` never returns. This one does neither.
 */

import { spend } from '../effort.ts';

const STEPS_OF_CALL = 20;

/** `pattern` must pass `checkKeyPattern`; another one matches nothing. */
export function keyMatch2(key: string, pattern: string): boolean {
  if (pattern === '*') return true;
  spend(STEPS_OF_CALL + key.length + pattern.length);
  if (checkKeyPattern(pattern) !== undefined) return false;
  const expected = pattern.split('/');
  const segments = key.split('/');
  for (const [index, segment] of expected.entries()) {
    const actual = segments[index];
    if (actual === undefined) return false;
    if (segment === '*' && index > 0) return true;
    if (segment.startsWith(':') && index > 0 ? actual === '' : actual !== segment) return false;
  }
  return segments.length === expected.length;
}

/** Reason why `pattern` is not supported, or `undefined`. */
export function checkKeyPattern(pattern: string): string | undefined {
  if (pattern === '*') return undefined;
  const segments = pattern.split('/');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '*' && index > 0 && last) continue;
    if (segment.includes('*')) return 'expected `*` only as the last segment';
    if (/^:[A-Za-z_][A-Za-z0-9_]*$/.test(segment) && index > 0) continue;
    if (segment.includes(':')) return 'expected `:name` as a whole segment';
  }
  return undefined;
}
