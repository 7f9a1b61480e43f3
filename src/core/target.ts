/** The raw request target, cut into its two parts without interpreting either. */

export interface TargetParts {
  /** Everything before the first `?`, undecoded. */
  readonly path: string;
  /** Everything after it, undecoded; `''` when there is none. */
  readonly query: string;
}

/** Splits an origin-form target at its first `?`, as tornado does. */
export function splitTarget(target: string): TargetParts {
  const cut = target.indexOf('?');
  return cut < 0 ? { path: target, query: '' } : { path: target.slice(0, cut), query: target.slice(cut + 1) };
}

/** The values of one query parameter, decoded as forms are; in the order they stand. */
export function queryValues(target: string, name: string): string[] {
  const { query } = splitTarget(target);
  // A name may be spelt with escapes; where there are none, it stands there or it is not there.
  if (!query.includes(name) && !query.includes('%')) return [];
  return new URLSearchParams(query).getAll(name);
}

/** `target` without the query parameters in `names`; the rest stays byte for byte. */
export function withoutParameters(target: string, names: readonly string[]): string {
  const { path, query } = splitTarget(target);
  const kept = query.split('&').filter((pair) => pair !== '' && !names.includes(parameterName(pair)));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

/** `target` with the query parameter `name` taken out and added anew; `value` needs no encoding. */
export function withParameter(target: string, name: string, value: string): string {
  const rest = withoutParameters(target, [name]);
  return `${rest}${rest.includes('?') ? '&' : '?'}${name}=${value}`;
}

function parameterName(pair: string): string {
  return new URLSearchParams(pair).keys().next().value ?? '';
}
