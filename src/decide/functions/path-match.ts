/** `pathMatch(path, pattern, sub)`: whether a canonical path is one a rule names, segment by segment, in linear time. */
import { ANONYMOUS } from '../../core/identity.ts';
import { spend } from '../effort.ts';

const SLASH = 47;
const STAR = 42;
const BRACE = 123;
const STEPS_OF_SEGMENT = 3;

/** How far a path and a pattern have agreed: where the next segment of each begins, beyond its end when there is none. */
interface Walk {
  readonly path: string;
  readonly pattern: string;
  readonly subject: string;
  at: number;
  from: number;
}

/**
 * `''` and `**` match a question without a path; `**` and `/**` match any path; `/pub/**` matches `/pub` and all below;
 * `*` is one segment; `{user}` is one segment equal to the subject's name, and never matches a role or a guest.
 */
export function pathMatch(path: string, pattern: string, subject: string): boolean {
  if (pattern === '**') return true;
  if (path === '' || pattern === '') return path === pattern;
  if (!pattern.startsWith('/') || !path.startsWith('/')) return false;
  const walk = { path, pattern, subject, at: startOf(path), from: startOf(pattern) };
  while (walk.from <= pattern.length) {
    if (walk.from + 2 === pattern.length && isAnything(walk)) return true;
    if (!agrees(walk)) return false;
  }
  return walk.at > path.length;
}

/** Whether `pattern` can match something strictly below `path`: stands in for `pathMatch` when directories are shown. */
export function pathLeads(path: string, pattern: string, subject: string): boolean {
  if (!path.startsWith('/')) return false;
  if (pattern === '**') return true;
  if (!pattern.startsWith('/')) return false;
  const walk = { path, pattern, subject, at: startOf(path), from: startOf(pattern) };
  while (walk.at <= path.length) {
    if (walk.from > pattern.length) return false;
    if (isAnything(walk)) return true;
    if (!agrees(walk)) return false;
  }
  if (walk.from > pattern.length) return false;
  return isPerson(subject) || !pattern.slice(walk.from).split('/').includes('{user}');
}

/** Whether the next segments match; goes on behind them. Character by character, so that it takes no memory. */
function agrees(walk: Walk): boolean {
  const { path, pattern } = walk;
  const first = pattern.charCodeAt(walk.from);
  if (walk.at > path.length) return false;
  if (first === STAR || first === BRACE) return agreesWithVariable(walk);
  let { at, from } = walk;
  for (; from < pattern.length && pattern.charCodeAt(from) !== SLASH; at++, from++)
    if (path.charCodeAt(at) !== pattern.charCodeAt(from)) return false;
  if (at < path.length && path.charCodeAt(at) !== SLASH) return false;
  spend(1 + ((at - walk.at) >> 2));
  walk.at = at + 1;
  walk.from = from + 1;
  return true;
}

function agreesWithVariable(walk: Walk): boolean {
  spend(STEPS_OF_SEGMENT);
  const actual = segmentAt(walk.path, walk.at);
  const segment = segmentAt(walk.pattern, walk.from);
  walk.at += actual.length + 1;
  walk.from += segment.length + 1;
  if (segment === '*') return true;
  return segment === '{user}' ? isPerson(walk.subject) && actual === walk.subject : actual === segment;
}

/** Whether the next segment of the pattern is `**`. */
function isAnything({ pattern, from }: Walk): boolean {
  return (
    pattern.charCodeAt(from) === STAR &&
    pattern.charCodeAt(from + 1) === STAR &&
    (from + 2 === pattern.length || pattern.charCodeAt(from + 2) === SLASH)
  );
}

/** Where the first segment begins; the root has none. */
function startOf(path: string): number {
  return path.length === 1 ? 2 : 1;
}

function segmentAt(path: string, from: number): string {
  const slash = path.indexOf('/', from);
  return path.slice(from, slash === -1 ? path.length : slash);
}

/** Whether `subject` is somebody who signed in: roles, guests and the gate itself carry a prefix. */
export function isPerson(subject: string): boolean {
  return subject !== '' && subject !== ANONYMOUS && !subject.includes(':');
}
