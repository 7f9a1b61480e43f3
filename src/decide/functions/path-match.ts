/** `pathMatch(path, pattern, sub)`: whether a canonical path is one a rule names, segment by segment, in linear time. */
import { ANONYMOUS } from '../../core/identity.ts';
import { segmentsOf } from './path-pattern.ts';

/**
 * `''` and `**` match a question without a path; `**` and `/**` match any path; `/pub/**` matches `/pub` and all below;
 * `*` is one segment; `{user}` is one segment equal to the subject's name, and never matches a role or a guest.
 */
export function pathMatch(path: string, pattern: string, subject: string): boolean {
  if (pattern === '**') return true;
  if (path === '' || pattern === '') return path === pattern;
  if (!pattern.startsWith('/') || !path.startsWith('/')) return false;
  const segments = segmentsOf(path);
  const expected = segmentsOf(pattern);
  for (const [index, segment] of expected.entries()) {
    if (segment === '**' && index === expected.length - 1) return true;
    const actual = segments[index];
    if (actual === undefined || !segmentMatches(actual, segment, subject)) return false;
  }
  return segments.length === expected.length;
}

/** Whether `pattern` can match something strictly below `path`: stands in for `pathMatch` when directories are shown. */
export function pathLeads(path: string, pattern: string, subject: string): boolean {
  if (!path.startsWith('/')) return false;
  if (pattern === '**') return true;
  if (!pattern.startsWith('/')) return false;
  const segments = segmentsOf(path);
  const expected = segmentsOf(pattern);
  for (const [index, actual] of segments.entries()) {
    const segment = expected[index];
    if (segment === undefined) return false;
    if (segment === '**') return true;
    if (!segmentMatches(actual, segment, subject)) return false;
  }
  const below = expected.slice(segments.length);
  return below.length > 0 && (isPerson(subject) || !below.includes('{user}'));
}

function segmentMatches(actual: string, segment: string, subject: string): boolean {
  if (segment === '*') return true;
  if (segment === '{user}') return isPerson(subject) && actual === subject;
  return actual === segment;
}

/** Whether `subject` is somebody who signed in: roles, guests and the gate itself carry a prefix. */
export function isPerson(subject: string): boolean {
  return subject !== '' && subject !== ANONYMOUS && !subject.includes(':');
}
