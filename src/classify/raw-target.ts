/** The raw request target, checked before anything is matched: what could be read in two ways is refused, not repaired. */
import { canonicalPath, percentDecode } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import { splitTarget } from '../core/target.ts';

const MAX_LENGTH = 8192;
/** Visible ASCII without `#` (a fragment never reaches a server) and without the backslash. */
const ACCEPTABLE = /^[!"$-[\]-~]+$/;

export interface RawTarget {
  /** Below the base path, beginning with `/`, undecoded. */
  readonly path: string;
  /** After the first `?`, undecoded; `''` when there is none. */
  readonly query: string;
}

/**
 * Splits an origin-form target (RFC 9112 3.2.1) below `baseUrl` (`/` or `/prefix/`, compared literally).
 * Throws `TARGET_INVALID`, `PATH_INVALID`, or `ROUTE_UNKNOWN` outside the base path.
 */
export function readRawTarget(target: string, baseUrl: string): RawTarget {
  if (target.length > MAX_LENGTH) throw invalid(`at most ${MAX_LENGTH} bytes, received ${target.length}`);
  if (!target.startsWith('/') || target.startsWith('//'))
    throw invalid('a target that begins with a single `/`');
  if (!ACCEPTABLE.test(target)) throw invalid('visible ASCII without `#` and without a backslash');
  const { path, query } = splitTarget(target);
  if (path.includes('//')) throw invalid('no `//` in the path');
  // The whole path must decode to one without dot segments and control characters, whatever the row captures of it.
  canonicalPath(percentDecode(path));
  if (`${path}/` === baseUrl) return { path: '/', query };
  if (!path.startsWith(baseUrl)) {
    throw new AppError('ROUTE_UNKNOWN', { detail: `expected an address below \`${baseUrl}\`` });
  }
  return { path: path.slice(baseUrl.length - 1), query };
}

function invalid(expected: string): AppError {
  return new AppError('TARGET_INVALID', { detail: `expected ${expected}` });
}
