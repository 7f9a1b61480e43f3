/** `keyMatch(key, pattern)`: Casbin's prefix match, where the first `*` stands for the rest. */

/** Equal without a `*`; otherwise what stands before the `*` must be the beginning of `key`. Same answers as Casbin's. */
export function keyMatch(key: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  return star === -1 ? key === pattern : key.startsWith(pattern.slice(0, star));
}
