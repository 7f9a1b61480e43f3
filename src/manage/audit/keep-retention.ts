/** Once an hour: takes away what the audit and the decision log have kept long enough. */
import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../store/store.ts';
import { cutAudit } from './cut-audit.ts';
import type { CutDeps } from './cut-audit.ts';

export interface RetentionOptions {
  /** Milliseconds; undefined keeps the audit for ever. */
  readonly audit: number | undefined;
  /** Milliseconds. */
  readonly decisions: number;
}

export type RetentionLog = (message: string, details: Readonly<Record<string, unknown>>) => void;

const EVERY = 3_600_000;
const SLICE = 1000;

/** Starts, the first time in a minute. Returns a function that stops it and waits for the work under way. */
export function keepRetention(
  deps: CutDeps,
  options: RetentionOptions,
  log: RetentionLog,
): () => Promise<void> {
  let working: Promise<void> | undefined;
  const look = (): void => {
    working ??= keepOnce(deps, options, log).finally(() => {
      working = undefined;
    });
  };
  const first = setTimeout(look, 60_000).unref();
  const timer = setInterval(look, EVERY).unref();
  return async () => {
    clearTimeout(first);
    clearInterval(timer);
    await working;
  };
}

/** What cannot be done now is told to `log` and tried again later. */
export async function keepOnce(deps: CutDeps, options: RetentionOptions, log: RetentionLog): Promise<void> {
  const { store, clock } = deps.management;
  try {
    await removeDecisions(store, clock, options.decisions);
    if (options.audit === undefined) return;
    const { outcome } = await cutAudit(deps, options.audit);
    if (outcome === 'not sound')
      log('the audit is not sound, so nothing of it is taken away: run `jupyter-gate audit verify`', {});
  } catch (error) {
    log('old records could not be taken away yet', { error });
  }
}

async function removeDecisions(store: Store, clock: Clock, retention: number): Promise<void> {
  const before = clock.now() - retention;
  for (let removed = SLICE; removed === SLICE;)
    removed = await store.transaction((tx) => tx.decisions.removeBefore(before, SLICE), { relaxed: true });
}
