/**
 * Signs of paths: a number for each directory above a path and for the path itself, and one for what a pattern begins
 * with. A pattern whose sign is none of the path's does not match; the others are looked at.
 */

/** The signs of one path: the root's, which is 0, first. Used again for the next. */
export interface PathSigns {
  readonly signs: Int32Array;
  /** How many segments have a sign. */
  depth: number;
}

/** Segments that have a sign: the depth is in its low bits. */
const DEPTH_BITS = 5;
const MAX_DEPTH = (1 << DEPTH_BITS) - 1;
const SLASH = 47;
const STAR = 42;
/** FNV-1a. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Room for the signs of a path. */
export function pathSigns(): PathSigns {
  return { signs: new Int32Array(MAX_DEPTH + 1), depth: 0 };
}

/** Puts the signs of `path` into `into`. */
export function takeSigns(path: string, into: PathSigns): void {
  const { signs } = into;
  let hash = OFFSET;
  let depth = 0;
  if (path.length > 1) {
    for (let at = 1; at < path.length && depth < MAX_DEPTH; at++) {
      const code = path.charCodeAt(at);
      if (code === SLASH) signs[++depth] = signOf(hash, depth);
      hash = Math.imul(hash ^ code, PRIME);
    }
    if (depth < MAX_DEPTH) signs[++depth] = signOf(hash, depth);
  }
  into.depth = depth;
}

/** Whether a pattern with `sign` may match the path. */
export function maySign(sign: number, { signs, depth }: PathSigns): boolean {
  const at = sign & MAX_DEPTH;
  return at === 0 || (at <= depth && signs[at] === sign);
}

/** The sign of the segments before the first `*`, `{user}` or `**` of `pattern`; 0 when there are none. */
export function patternSign(pattern: string): number {
  return prefixSigns(pattern).at(-1) ?? 0;
}

/** The signs of all directories above those segments, the root's left out, and of them. */
export function prefixSigns(pattern: string): number[] {
  const signs: number[] = [];
  let hash = OFFSET;
  if (!pattern.startsWith('/') || pattern === '/') return signs;
  for (let at = 1; signs.length < MAX_DEPTH; at++) {
    const end = endOf(pattern, at);
    const isVariable =
      pattern.charCodeAt(at) === STAR || (end - at === USER.length && pattern.startsWith(USER, at));
    if (isVariable) return signs;
    for (; at < end; at++) hash = Math.imul(hash ^ pattern.charCodeAt(at), PRIME);
    signs.push(signOf(hash, signs.length + 1));
    if (end === pattern.length) return signs;
    hash = Math.imul(hash ^ SLASH, PRIME);
  }
  return signs;
}

const USER = '{user}';

function endOf(path: string, from: number): number {
  const slash = path.indexOf('/', from);
  return slash === -1 ? path.length : slash;
}

function signOf(hash: number, depth: number): number {
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) << DEPTH_BITS) | depth;
}
