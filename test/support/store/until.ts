/** Waiting for something that happens by itself. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with the milliseconds it took until `condition` holds; throws after `limit`. */
export async function until(condition: () => boolean, limit: number): Promise<number> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > limit)
      throw new Error(`expected it within ${limit} ms: ${String(condition)}`);
    await sleep(5);
  }
  return performance.now() - start;
}
