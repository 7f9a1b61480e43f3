/** The audit's own parts: what takes refusals, what signs checkpoints, and what takes away entries that are too old. */
import { join } from 'node:path';
import type { GateConfig } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import { createCheckpointer } from '../manage/audit/checkpointer.ts';
import type { Checkpointer } from '../manage/audit/checkpointer.ts';
import { keepRetention } from '../manage/audit/keep-retention.ts';
import type { Checkpoint, Stated } from '../manage/audit/statements.ts';
import { PUBLIC_KEY_FILE, openAuditKey, readPublicKeys } from '../record/audit-key.ts';
import type { AuditKey, PublicKeys } from '../record/audit-key.ts';
import { createRefusals } from '../record/create-refusals.ts';
import type { RefusalEntry, RefusalQueue } from '../record/create-refusals.ts';
import { KEPT_CHECKPOINT_FILE, createKeptLine } from '../record/kept-line.ts';
import type { Log } from '../record/log.ts';
import type { Store } from '../store/store.ts';
import type { Cleanups } from './cleanups.ts';

export interface AuditSide {
  readonly refusals: RefusalQueue;
  /** Whose signatures count. */
  readonly keys: PublicKeys;
  /** Where the newest checkpoint is kept beside the database. */
  readonly keptCheckpoint: () => Promise<string | undefined>;
  /** Signs what is there, and from then on every minute in which something comes. */
  start(): Promise<void>;
}

export interface OpenAuditDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly cleanups: Cleanups;
}

/** A few for each asker and minute tell what happens; the rest of a flood is counted. */
const REFUSALS = {
  window: 60_000,
  each: 5,
  all: 300,
  askers: 500,
  maxQueue: 2000,
  batch: 200,
  intervalMs: 500,
} as const;
/** Well below the minute that is promised. */
const CHECKPOINT_INTERVAL = 50_000;

/** Opens them; nothing is signed before `start`. Throws `CONFIG_INVALID` for a key that is none. */
export async function openAudit(config: GateConfig, deps: OpenAuditDeps): Promise<AuditSide> {
  const { store, clock, log, cleanups } = deps;
  const key = await openAuditKey(config.data);
  const keys = await readPublicKeys(join(config.data, PUBLIC_KEY_FILE));
  const kept = createKeptLine(join(config.data, KEPT_CHECKPOINT_FILE));
  const checkpointer = await createCheckpointer({
    store,
    clock,
    key,
    keys,
    kept,
    announce: (checkpoint) => announce(log, checkpoint),
    alarm: ({ line }) => log.error({ checkpoint: line }, 'the audit is not the one that was signed'),
  });
  // Stopped last, so that it covers what everything else wrote while it stopped.
  cleanups.add('audit checkpoint', () => checkpointer.sign().then(() => undefined));
  const refusals = createRefusals({ append: appendTo(store), clock, log }, REFUSALS);
  cleanups.add('refusals', () => refusals.close());
  return {
    refusals,
    keys,
    keptCheckpoint: () => kept.read(),
    start: () => start(config, { ...deps, checkpointer, key, keys }),
  };
}

interface StartDeps extends OpenAuditDeps {
  readonly checkpointer: Checkpointer;
  readonly key: AuditKey;
  readonly keys: PublicKeys;
}

async function start(config: GateConfig, deps: StartDeps): Promise<void> {
  const { checkpointer, cleanups, store, clock, key, keys, log } = deps;
  await checkpointer.sign();
  const timer = setInterval(() => {
    checkpointer
      .sign()
      .catch((error: unknown) => log.warn({ error }, 'no checkpoint of the audit could be signed'));
  }, CHECKPOINT_INTERVAL).unref();
  cleanups.add('signing checkpoints', () => clearInterval(timer));
  const retention = { audit: config.auditRetention, decisions: config.decisionRetention };
  const stop = keepRetention({ management: { store, clock }, key, keys }, retention, (message, details) =>
    log.warn(details, message),
  );
  cleanups.add('retention', stop);
}

function appendTo(store: Store): (entries: readonly RefusalEntry[]) => Promise<void> {
  return (entries) =>
    store.transaction(
      async (tx) => {
        const { revision } = await tx.state.counters();
        await tx.audit.append(
          ...entries.map((entry) => ({ ...entry, revision: entry.revision ?? revision })),
        );
      },
      { relaxed: true },
    );
}

/** On standard output whatever `log-level` says, unless it says silent: a copy outside the database is what it is for. */
function announce(log: Log, { line, number, seq }: Stated<Checkpoint>): void {
  if (log.level === 'silent') return;
  log.child({}, { level: 'info' }).info({ number, seq, checkpoint: line }, 'audit checkpoint');
}
