/**
 * `globMatch(text, pattern)`: `*` and `?` within one segment, `**` for any number of segments.
 * Unlike Casbin's, a name that begins with a dot is an ordinary name (a rule that refuses must not miss `.ssh`), and the
 * time it takes is bounded by the product of both lengths.
 */

import { spend } from '../effort.ts';

const MAX_GLOB_LENGTH = 256;
const STEPS_OF_ITEM = 3;

/** Whether `text` matches as a whole. `pattern` must pass `checkGlob`; another one matches nothing. */
export function globMatch(text: string, pattern: string): boolean {
  if (checkGlob(pattern) !== undefined) return false;
  return matchWithStars(text.split('/'), pattern.split('/'), '**', segmentMatches);
}

/** Reason why `pattern` is not supported, or `undefined`. */
export function checkGlob(pattern: string): string | undefined {
  if (pattern.length > MAX_GLOB_LENGTH) return `expected at most ${MAX_GLOB_LENGTH} characters`;
  if (/[[\]{}()!+@\\]/.test(pattern)) return 'expected only `*`, `?` and `**` as wildcards';
  const wrong = pattern.split('/').find((segment) => segment.includes('**') && segment !== '**');
  return wrong === undefined ? undefined : 'expected `**` as a whole segment';
}

function segmentMatches(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return text === pattern;
  return matchWithStars(Array.from(text), Array.from(pattern), '*', (a, b) => b === '?' || a === b);
}

/** Greedy match with one place to go back to: after a second star the first never has to move again. */
function matchWithStars(
  items: readonly string[],
  pattern: readonly string[],
  star: string,
  same: (item: string, expected: string) => boolean,
): boolean {
  let at = 0;
  let expectedAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  spend(items.length + pattern.length);
  while (at < items.length) {
    spend(STEPS_OF_ITEM);
    const expected = pattern[expectedAt];
    if (expected === star) {
      starAt = expectedAt++;
      resumeAt = at;
    } else if (expected !== undefined && same(items[at] ?? '', expected)) {
      at++;
      expectedAt++;
    } else if (starAt !== -1) {
      at = ++resumeAt;
      expectedAt = starAt + 1;
    } else {
      return false;
    }
  }
  while (pattern[expectedAt] === star) expectedAt++;
  return expectedAt === pattern.length;
}
