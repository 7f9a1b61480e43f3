/**
 * Takes away the buffers of bodies that have passed, a few megabytes at a time. They lie outside the heap, so that V8 hardly
 * notices them: it waits for 32 MB, and where an idle gate made its heap small those count against what the heap may grow
 * by, so that every 20 MB of an upload cost a collection of everything there is.
 */
import { findGc } from '../core/young-collector.ts';
import type { CollectYoung } from '../core/young-collector.ts';

/** Bytes that pass between two collections. */
const PASSED = 4 * 1024 * 1024;
/** Shorter pieces are answers of their own, or come slowly: V8 gets to them in time. */
const LEAST = 16 * 1024;

/** Gives the function that is told of each piece of a body that passed. */
export function collectSpentBuffers(
  collectYoung: CollectYoung | undefined = findGc(),
): (bytes: number) => void {
  let passed = 0;
  return (bytes) => {
    if (bytes < LEAST) return;
    passed += bytes;
    if (passed < PASSED) return;
    passed = 0;
    collectYoung?.({ type: 'minor' });
  };
}
