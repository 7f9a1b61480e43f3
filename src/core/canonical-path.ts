/**
 * The one canonical form of a path: decided on, forwarded and recorded alike.
 * tornado decodes once, then Jupyter splits on `/` and applies `normpath`, so `.` and `..`
 * would change the object after the decision. Frontends never send them: they are refused, not resolved.
 */
import { AppError } from './errors.ts';

declare const canonical: unique symbol;
/** `/`-rooted, decoded, no empty, `.` or `..` segment, no control character. The root is `/`. */
export type CanonicalPath = string & { readonly [canonical]: true };

export const ROOT_PATH = '/' as CanonicalPath;

const MAX_LENGTH = 4096;
// eslint-disable-next-line no-control-regex -- the point is to find them
const FORBIDDEN = /[\u0000-\u001f\u007f\\]/u;
/** No slash before the first name, or more than that one around the path. */
const OUTER = /^[^/]|^\/\/|.\/$|^$/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What `encodeURIComponent` leaves as it is, and the slashes between. */
const UNRESERVED = /^[A-Za-z0-9\-_.!~*'()/]*$/;

/** Canonical form of an already decoded path, as bodies and queries carry it. Throws `PATH_INVALID`. */
export function canonicalPath(decoded: string): CanonicalPath {
  if (decoded.length > MAX_LENGTH) throw refused(`at most ${MAX_LENGTH} characters`, decoded);
  if (FORBIDDEN.test(decoded)) throw refused('no control character and no backslash', decoded);
  if (LONE_SURROGATE.test(decoded)) throw refused('well-formed Unicode', decoded);
  const segments = decoded.split('/');
  while (segments.length > 0 && segments[0] === '') segments.shift();
  while (segments.length > 0 && segments[segments.length - 1] === '') segments.pop();
  for (const segment of segments) {
    if (segment === '') throw refused('no empty segment', decoded);
    if (segment === '.' || segment === '..') throw refused('no `.` or `..` segment', decoded);
  }
  // The text itself where it has the form already: one that is put together is put together again by whoever looks into it.
  return (OUTER.test(decoded) ? `/${segments.join('/')}` : decoded) as CanonicalPath;
}

/** Canonical form of the percent-encoded part of a request target. Decoded exactly once. Throws `PATH_INVALID`. */
export function canonicalPathFromTarget(encoded: string): CanonicalPath {
  return canonicalPath(percentDecode(encoded));
}

/** Percent-decodes once; a lone `%`, a bad escape or invalid UTF-8 is refused rather than guessed. */
export function percentDecode(encoded: string): string {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new AppError('PATH_INVALID', { detail: 'expected valid percent-encoded UTF-8', cause });
  }
}

/** The path as it goes into a request target: each segment encoded, `/` between. The root gives `''`. */
export function encodePath(path: CanonicalPath): string {
  if (path === ROOT_PATH) return '';
  if (UNRESERVED.test(path)) return path;
  return path.split('/').map(encodeURIComponent).join('/');
}

/** `path` without its leading slash, as Jupyter's bodies write it. */
export function jupyterPath(path: CanonicalPath): string {
  return path.slice(1);
}

/** The directory `path` lies in; the root lies in itself. */
export function parentPath(path: CanonicalPath): CanonicalPath {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? ROOT_PATH : (path.slice(0, cut) as CanonicalPath);
}

/** `name` below `directory`. `name` may hold several segments; it is canonicalised too. */
export function joinPath(directory: CanonicalPath, name: string): CanonicalPath {
  return canonicalPath(`${directory}/${name}`.replace(/^\/\/+/, '/'));
}

function refused(expected: string, received: string): AppError {
  return new AppError('PATH_INVALID', {
    detail: `expected ${expected}, received \`${printable(received)}\``,
  });
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 120)).slice(1, -1);
}
