/** What a path pattern of a rule may look like, and how two of them relate. */

export const MAX_PATTERN_LENGTH = 1024;
const RULES = 'begin with `/`, `*` and `{user}` are whole segments, `**` is the last segment';

/** Patterns as most are: nothing in them has to be looked at one by one. */
const USUAL = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+(?:\/\*\*)?$/;

/** Reason why `pattern` is not a path pattern, or `undefined`. */
export function checkPathPattern(pattern: string): string | undefined {
  if (pattern === '' || pattern === '**' || pattern === '/') return undefined;
  if (pattern.length > MAX_PATTERN_LENGTH) return `expected at most ${MAX_PATTERN_LENGTH} characters`;
  if (USUAL.test(pattern)) return undefined;
  if (!pattern.startsWith('/')) return `expected a path pattern (${RULES})`;
  const segments = pattern.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    const reason = checkSegment(segment, index === segments.length - 1);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function checkSegment(segment: string, last: boolean): string | undefined {
  if (segment === '') return 'expected no empty segment: no `//` and no `/` at the end';
  if (segment === '.' || segment === '..') return `expected no \`${segment}\` segment`;
  // eslint-disable-next-line no-control-regex -- they cannot occur in a canonical path
  if (/[\u0000-\u001f\u007f\\]/.test(segment)) return 'expected no control character and no backslash';
  if (segment === '**') return last ? undefined : 'expected `**` only as the last segment';
  if (segment === '*' || segment === '{user}') return undefined;
  if (segment.includes('*')) return `expected \`*\` as a whole segment, received \`${segment}\``;
  if (/\{[^}]*\}/.test(segment)) return `expected \`{user}\` as a whole segment, received \`${segment}\``;
  return undefined;
}

/** Whether every path (and "no path") that `inner` matches is matched by `outer` too, for whoever asks. */
export function pathCovers(outer: string, inner: string): boolean {
  if (outer === '**' || outer === inner) return true;
  if (inner === '' || inner === '**' || outer === '') return false;
  const outerSegments = segmentsOf(outer);
  const innerSegments = segmentsOf(inner);
  for (const [index, segment] of outerSegments.entries()) {
    if (segment === '**') return true;
    const other = innerSegments[index];
    if (other === undefined || other === '**') return false;
    if (segment !== '*' && segment !== other) return false;
  }
  return outerSegments.length === innerSegments.length;
}

/** Whether some path may match both patterns; may say yes where none does. */
export function pathsOverlap(one: string, other: string): boolean {
  if (one === '**' || other === '**') return true;
  if (one === '' || other === '') return one === other;
  const a = segmentsOf(one);
  const b = segmentsOf(other);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const left = a[index];
    const right = b[index];
    if (left === '**' || right === '**') return true;
    if (left === undefined || right === undefined) return false;
    if (left !== right && !isVariable(left) && !isVariable(right)) return false;
  }
  return true;
}

function isVariable(segment: string): boolean {
  return segment === '*' || segment === '{user}';
}

/** The segments of a `/`-rooted path or pattern; the root has none. */
export function segmentsOf(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}
