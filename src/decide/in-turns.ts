/** Long work in steps: run at once, or in turns with the event loop so that no request waits for it. */
import { nextTurn, TURN } from '../core/next-turn.ts';

/** Work that stops at every `yield`, and what it comes to. */
export type Steps<T> = Generator<void, T, void>;

/** Items handled between two stops. */
export const STEP = 64;

/** Does all of it now. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does it a few milliseconds at a time. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < TURN) continue;
    await nextTurn();
    since = performance.now();
  }
}
