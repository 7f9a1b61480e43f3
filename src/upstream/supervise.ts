/** Starts a Jupyter again whenever it ends by itself. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import type { JupyterProcess } from './jupyter-process.ts';
import type { UpstreamLog } from './upstream-log.ts';

export interface Supervision {
  readonly first: JupyterProcess;
  readonly clock: Clock;
  readonly log: UpstreamLog;
  /** Aborted when it may end. */
  readonly signal: AbortSignal;
  /** Starts the next run; rejects when even that fails. */
  restart(): Promise<JupyterProcess>;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** A run that lasted this long starts the back-off anew. */
const SETTLED = 60_000;

/** Pauses double from one failure to the next. Resolves after `signal`; never rejects. */
export async function supervise(supervision: Supervision): Promise<void> {
  const { clock, log, signal } = supervision;
  let running = supervision.first;
  let pause = FIRST_PAUSE;
  for (;;) {
    const since = clock.now();
    const how = await running.ended;
    if (signal.aborted) return;
    if (clock.now() - since > SETTLED) pause = FIRST_PAUSE;
    log.warn(`the Jupyter Server ended (${how}): starting it again in ${pause / 1000} s`);
    await delay(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    running = await supervision.restart().catch((error: unknown) => {
      log.error(`the Jupyter Server could not be started again: ${String(error)}`);
      return running;
    });
  }
}
