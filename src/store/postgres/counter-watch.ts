/**
 * Follows the counters on PostgreSQL: notified at once, polled anyway (a notification can be lost, and a connection that
 * fell silent raises no event), connected again with growing pauses, and compared afresh after each reconnect.
 */
import type { Clock } from '../../core/clock.ts';
import type { Backend } from '../backend.ts';
import type { CounterTracker } from './counter-tracker.ts';
import { openListener, type Listener } from './listener.ts';
import { createWake } from './wake.ts';

const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5000;

interface Options {
  readonly url: string;
  readonly pollMs: number;
  readonly clock: Clock;
  readonly tracker: CounterTracker;
}

type Handle = Parameters<Backend['watch']>[0];

export interface CounterWatch {
  readonly start: (handle: Handle) => void;
  readonly confirmedAge: () => number;
  stop(): Promise<void>;
}

export function createCounterWatch({ url, pollMs, clock, tracker }: Options): CounterWatch {
  const wake = createWake();
  const stopping = createWake();
  const timeoutMs = Math.min(10_000, Math.max(1000, 2 * pollMs));
  let confirmedAt = clock.now();
  const stop = new AbortController();
  let pause = MIN_PAUSE_MS;
  let listener: Listener | undefined;
  let running: Promise<void> | undefined;

  const confirm = async (connection: Listener, handle: Handle, resync: boolean): Promise<void> => {
    // what was read is as of the question, not of the answer
    const asked = clock.now();
    const counters = await connection.counters();
    const changed = await tracker.changed(counters, { resync });
    if (changed.length > 0) {
      await handle({ counters, changed });
      tracker.acknowledge(counters, changed);
    }
    confirmedAt = asked;
    pause = MIN_PAUSE_MS;
  };

  const follow = async (handle: Handle): Promise<void> => {
    listener = await openListener({ url, timeoutMs, onWake: wake.call });
    for (let resync = true; !stop.signal.aborted; resync = false) {
      await confirm(listener, handle, resync);
      await wake.wait(pollMs);
    }
  };

  const run = async (handle: Handle): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await follow(handle);
      } catch {
        // nothing to tell anyone here: `confirmedAge` grows until a later attempt succeeds
      }
      listener?.close();
      // in part by chance, so that the replicas of a database that comes back do not all connect at once
      if (!stop.signal.aborted) await stopping.wait(pause * (0.5 + Math.random() / 2));
      pause = Math.min(MAX_PAUSE_MS, pause * 2);
    }
  };

  return {
    start(handle) {
      running ??= run(handle);
    },
    confirmedAge: () => clock.now() - confirmedAt,
    async stop() {
      stop.abort();
      stopping.call();
      wake.call();
      listener?.close();
      await running;
    },
  };
}
