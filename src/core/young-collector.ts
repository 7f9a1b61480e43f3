/** Collects V8's young generation on purpose, a few megabytes at a time: what a collection costs is what outlives it. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8's own `gc`. */
export type CollectYoung = (options: { readonly type: 'minor' }) => void;

export interface YoungHeap {
  /** Bytes in the young generation. */
  readonly used: () => number;
  /** `undefined` where V8 gives none: it then collects when it likes, as ever. */
  readonly findCollect: () => CollectYoung | undefined;
}

/**
 * Bytes that are allocated between two collections. What outlives one is copied twice, so that a collection costs what copying
 * twice as many does: 2 ms at the most. With fewer a policy of a million rules, whose every collection costs a millisecond
 * more, takes longer to load.
 */
export const COLLECTED = 4 * 2 ** 20;

/**
 * A function that collects when enough was allocated since it did so last, by whomever, and tells whether it did. Asking costs
 * 2 µs, a collection of what nobody holds 0.1 ms.
 */
export function createYoungCollector({ used, findCollect }: YoungHeap = THIS_HEAP): () => boolean {
  let collect: CollectYoung | undefined;
  let isKnown = false;
  let left = 0;
  return () => {
    const now = used();
    // V8 may have collected meanwhile
    left = Math.min(left, now);
    if (now - left < COLLECTED) return false;
    if (!isKnown) {
      collect = findCollect();
      isKnown = true;
    }
    if (collect === undefined) return false;
    collect({ type: 'minor' });
    left = used();
    return true;
  };
}

const THIS_HEAP: YoungHeap = { used: youngBytes, findCollect: findGc };

function youngBytes(): number {
  const space = getHeapSpaceStatistics().find((each) => each.space_name === 'new_space');
  return space?.space_used_size ?? 0;
}

/**
 * V8's `gc`, where it gives one. A fresh context has it while the flag is set. The flag is taken back at once: nobody else
 * shall find `gc`, and V8 throws away compiled code it has stored when flags differ. Whatever fails, there is none.
 */
export function findGc(): CollectYoung | undefined {
  const { gc } = globalThis;
  if (gc !== undefined) return (options) => gc(options);
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext("typeof gc === 'function' ? gc : undefined") as CollectYoung | undefined;
  } catch {
    return undefined;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
