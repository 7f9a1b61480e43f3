/** A map that forgets what was not asked for lately when it is full. */

export interface BoundedCache<V, K = string> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/**
 * Holds at most `limit` entries, in two generations: what is asked for moves to the young one, and when that is full the
 * old one is dropped. Unlike keeping entries in the order of their use, a hit costs one look-up.
 */
export function createBoundedCache<V, K = string>(limit: number): BoundedCache<V, K> {
  const half = Math.max(1, Math.floor(limit / 2));
  let young = new Map<K, V>();
  let old = new Map<K, V>();
  const set = (key: K, value: V): void => {
    if (young.size >= half && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
  };
}
