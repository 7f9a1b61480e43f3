/** Works on messages one after the other, so that they keep their order however long each takes. */
import type { RawData } from 'ws';

export interface MessageQueue {
  /** Messages not done yet. */
  readonly waiting: number;
  /** Resolves when the message was worked on, or dropped because one before it failed. */
  add(message: RawData): Promise<void>;
  /** Resolves when all that was added is done. */
  settled(): Promise<void>;
}

/** After the first rejection of `work`, which `onFailure` is told of, nothing more is worked on. */
export function createMessageQueue(
  work: (message: RawData) => Promise<void>,
  onFailure: () => void,
): MessageQueue {
  let last = Promise.resolve();
  let waiting = 0;
  let failed = false;

  async function run(message: RawData): Promise<void> {
    try {
      if (!failed) await work(message);
    } catch {
      failed = true;
      onFailure();
    } finally {
      waiting -= 1;
    }
  }

  return {
    get waiting() {
      return waiting;
    },
    add(message) {
      waiting += 1;
      last = last.then(() => run(message));
      return last;
    },
    settled: () => last,
  };
}
