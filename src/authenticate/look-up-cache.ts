/** A bounded cache in front of an asynchronous look-up, emptied at once when what it holds may have changed. */

export interface LookUpCache<Value> {
  /** Whether `get` answers without asking. */
  has(key: string): boolean;
  /** The kept value, or what `load` finds. Concurrent calls share one load; nothing found is never kept. */
  get(key: string): Promise<Value | undefined>;
  /** Drops everything. A load under way still answers its callers, but what it found is not kept. */
  clear(): void;
}

/** Keeps at most `size` values, dropping the one that was used longest ago. */
export function createLookUpCache<Value>(
  load: (key: string) => Promise<Value | undefined>,
  size: number,
): LookUpCache<Value> {
  // Both maps are replaced, never emptied: a load that began before `clear` writes into the old ones.
  let kept = new Map<string, Value>();
  let loading = new Map<string, Promise<Value | undefined>>();

  function keep(into: Map<string, Value>, key: string, value: Value): void {
    into.delete(key);
    into.set(key, value);
    const oldest = into.keys().next();
    if (into.size > size && oldest.done !== true) into.delete(oldest.value);
  }

  async function fetch(key: string): Promise<Value | undefined> {
    const [values, flights] = [kept, loading];
    try {
      const value = await load(key);
      if (value !== undefined) keep(values, key, value);
      return value;
    } finally {
      flights.delete(key);
    }
  }

  return {
    has: (key) => kept.has(key),
    async get(key) {
      const value = kept.get(key);
      if (value !== undefined) {
        keep(kept, key, value);
        return value;
      }
      const flight = loading.get(key) ?? fetch(key);
      loading.set(key, flight);
      return flight;
    },
    clear() {
      kept = new Map();
      loading = new Map();
    },
  };
}
