/** The patterns that match what two path patterns both match. */
import { segmentsOf } from './path-pattern.ts';

/**
 * What remains of `pattern` inside `limit`, a pattern that begins with `/`. "No path" stays where `pattern` had it.
 * Empty when nothing remains; where the two meet in a way no pattern can say (`{user}` and a name), nothing remains.
 */
export function intersectPaths(pattern: string, limit: string): string[] {
  if (pattern === '') return [''];
  if (pattern === '**') return ['', limit];
  const met = meet(segmentsOf(pattern), segmentsOf(limit));
  return met === undefined ? [] : [`/${met.join('/')}`];
}

function meet(one: readonly string[], other: readonly string[]): string[] | undefined {
  const met: string[] = [];
  for (let index = 0; ; index++) {
    const [left, right] = [one[index], other[index]];
    if (left === '**') return [...met, ...other.slice(index)];
    if (right === '**') return [...met, ...one.slice(index)];
    if (left === undefined || right === undefined) return left === right ? met : undefined;
    const segment = meetSegments(left, right);
    if (segment === undefined) return undefined;
    met.push(segment);
  }
}

function meetSegments(left: string, right: string): string | undefined {
  if (left === '*' || left === right) return right;
  return right === '*' ? left : undefined;
}
