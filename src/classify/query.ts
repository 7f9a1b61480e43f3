/**
 * The query, re-emitted from an allow-list. tornado takes the last of several values where browsers' own parser takes
 * the first, trims values and blanks control characters in them: all of that is refused for a parameter that counts.
 */
import { canonicalPath, jupyterPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import type { Parts, QueryRule, RouteRow } from './route.ts';

/** Credentials of the caller towards the gate; never sent on. */
const CREDENTIALS: readonly string[] = ['token', '_xsrf'];
// eslint-disable-next-line no-control-regex -- the point is to find them
const UNCLEAN = /[\u0000-\u001f\u007f]|^[\s\u0085]|[\s\u0085]$/u;

export interface ReadQuery {
  readonly parts: Parts;
  /** With its `?`, or `''`. */
  readonly emitted: string;
}

/** Reads `query` by the row's rules. Throws `TARGET_INVALID` or `PATH_INVALID`. */
export function readQuery(query: string, rules: RouteRow['query']): ReadQuery {
  const pairs = query.split('&').filter((pair) => pair !== '');
  if (rules === 'all')
    return { parts: { params: {}, paths: {} }, emitted: joined(pairs.filter(isNoCredential)) };
  const params: Record<string, string> = {};
  const paths: Record<string, CanonicalPath> = {};
  const emitted: string[] = [];
  for (const pair of pairs) {
    const { name, value } = decodePair(pair);
    const rule = rules === undefined || !Object.hasOwn(rules, name) ? undefined : rules[name];
    if (rule === undefined) continue;
    if (Object.hasOwn(params, name)) throw invalid(`\`${name}\` once, received it twice`);
    if (UNCLEAN.test(value)) throw invalid(`\`${name}\` without control characters and surrounding space`);
    if (rule === 'path') paths[name] = servedPath(value);
    params[name] = readValue(name, value, rule);
    emitted.push(`${encodeURIComponent(name)}=${encodeURIComponent(params[name])}`);
  }
  return { parts: { params: { ...params, ...paths }, paths }, emitted: joined(emitted) };
}

function readValue(name: string, value: string, rule: QueryRule): string {
  if (rule === 'path') return jupyterPath(servedPath(value));
  if (rule !== 'text' && !rule.test(value)) throw invalid(`\`${name}\` to match \`${rule.source}\``);
  return value;
}

/** Jupyter expands `~` to the home of its account (services/contents/filemanager.py, `resolve_path`). */
function servedPath(value: string): CanonicalPath {
  const path = canonicalPath(value);
  if (!path.startsWith('/~')) return path;
  throw new AppError('PATH_INVALID', {
    detail: 'expected a path of the served directory, received one below `~`',
  });
}

function decodePair(pair: string): { readonly name: string; readonly value: string } {
  const cut = pair.indexOf('=');
  const name = cut < 0 ? pair : pair.slice(0, cut);
  return { name: decode(name), value: cut < 0 ? '' : decode(pair.slice(cut + 1)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new AppError('TARGET_INVALID', {
      detail: 'expected valid percent-encoded UTF-8 in the query',
      cause,
    });
  }
}

function isNoCredential(pair: string): boolean {
  return !CREDENTIALS.includes(decodePair(pair).name);
}

function joined(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function invalid(expected: string): AppError {
  return new AppError('TARGET_INVALID', { detail: `expected ${expected}` });
}
