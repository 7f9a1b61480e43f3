/** Waits for what another process does, which nobody announces. */
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when `what` holds; rejects after `patience` milliseconds, naming `expected`. */
export async function until(
  what: () => boolean | Promise<boolean>,
  expected: string,
  patience = 60_000,
): Promise<void> {
  const end = Date.now() + patience;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`expected it within ${patience / 1000} s: ${expected}`);
    await delay(100);
  }
}
