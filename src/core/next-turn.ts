/**
 * Lets what waits run between two pieces of long work, and keeps the collections of such work short. What it makes stays: V8
 * would let up to 16 MB of it gather and then copy all of that at once, 10 ms and more in which nothing else runs.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { createYoungCollector } from './young-collector.ts';

const collect = createYoungCollector();

/** Ends a turn of the event loop. A collection has a turn of its own. */
export async function nextTurn(): Promise<void> {
  await turn();
  if (collect()) await turn();
}

/** Milliseconds of work in one turn. */
export const TURN = 2;

/**
 * A function to call between two pieces of work: it ends the turn when that has been long enough. For work that waits for
 * what is there at once: SQLite answers in the same turn.
 */
export function createTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN) return;
    await nextTurn();
    since = performance.now();
  };
}
