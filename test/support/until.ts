/** Waits for what another process does, which nobody announces. */
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when `what` holds; rejects after a minute, naming `expected`. */
export async function until(what: () => boolean | Promise<boolean>, expected: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`expected it within a minute: ${expected}`);
    await delay(100);
  }
}
