/** What must be undone at stop, in the reverse order in which it was done. */
import type { Log } from '../record/log.ts';

export interface Cleanups {
  /** `name` is for the log when it fails. */
  add(name: string, undo: () => Promise<void> | void): void;
  /** Runs all once, the last added first; a failing one is reported and does not keep the others from running. */
  run(): Promise<void>;
}

function createCleanups(onFailure: (name: string, error: unknown) => void): Cleanups {
  const steps: { readonly name: string; readonly undo: () => Promise<void> | void }[] = [];
  let running: Promise<void> | undefined;

  async function undoAll(): Promise<void> {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        onFailure(step.name, error);
      }
    }
  }

  return {
    add: (name, undo) => void steps.push({ name, undo }),
    // Whoever asks a second time waits for the first: two at work would undo a part under the one that still uses it.
    run: () => (running ??= undoAll()),
  };
}

/** Starts with fresh cleanups; when `start` fails, what was done until then is undone and the error passed on. */
export async function withCleanups<T>(log: Log, start: (cleanups: Cleanups) => Promise<T>): Promise<T> {
  const cleanups = createCleanups((name, error) => log.error({ error }, `could not stop: ${name}`));
  try {
    return await start(cleanups);
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}
