/**
 * One line of log and one row for each request, both in batches: what is done for many at once costs each a fraction of what it
 * would cost among everything else that a request does. No request is held back.
 */
import type { DecisionEntry } from '../core/entry.ts';
import type { Refusals } from '../core/refusal.ts';
import { beforeExit } from './before-exit.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Recorder } from './recorder.ts';
import { refusalOf } from './refusal-of.ts';

export interface RecorderDeps {
  /** Writes a batch to the database; all of it or nothing. */
  readonly append: (entries: readonly DecisionEntry[]) => Promise<void>;
  readonly log: Log;
  readonly metrics?: Metrics | undefined;
  /** Told of every refusal. */
  readonly refusals?: Refusals | undefined;
}

export interface RecorderOptions {
  /** Most entries that are logged and counted together. What was refused or failed waits for no others. */
  readonly together: number;
  /** Longest time an entry waits for others before it is logged, milliseconds. */
  readonly togetherMs: number;
  /** Most entries written at once. */
  readonly batch: number;
  /** Most entries that wait; what comes beyond is dropped and counted. */
  readonly maxQueue: number;
  /** Longest time an entry waits while the database keeps up, milliseconds. */
  readonly intervalMs: number;
}

/** Attempts to write one batch before it is given up. */
const ATTEMPTS = 3;

/** A recorder that owes the database at most `maxQueue` entries. */
export function createRecorder(deps: RecorderDeps, options: RecorderOptions): Recorder {
  const { log, metrics } = deps;
  const line = log.plain ?? ((fields: object, message: string) => log.info(fields, message));
  const untold: DecisionEntry[] = [];
  const queue: DecisionEntry[] = [];
  let lost = 0;
  let closed = false;
  let telling: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;
  const forgetExit = beforeExit(tell);
  let writing: Promise<void> | undefined;

  function record(entry: DecisionEntry): void {
    untold.push(entry);
    if (untold.length >= options.together || entry.code !== 'ALLOWED' || closed) tell();
    else telling ??= setTimeout(tell, options.togetherMs).unref();
  }

  function tell(): void {
    clearTimeout(telling);
    telling = undefined;
    // Taken out first: a log that throws must not be told the same again.
    const entries = untold.splice(0);
    for (const entry of entries) {
      line(lineOf(entry), 'request', entry.at + entry.durationMs);
      metrics?.observe(entry);
      const refusal = refusalOf(entry);
      if (refusal !== undefined) deps.refusals?.add(refusal);
    }
    keep(entries);
  }

  /** For the database. */
  function keep(entries: readonly DecisionEntry[]): void {
    const room = closed ? 0 : options.maxQueue - queue.length;
    queue.push(...entries.slice(0, room));
    if (entries.length > room) lose(entries.length - room, 'the queue of the decision log is full');
    if (queue.length >= options.batch) void flush();
    else if (queue.length > 0) timer ??= setTimeout(() => void flush(), options.intervalMs).unref();
  }

  /** One writer at a time; whoever calls waits until the queue they saw is written or given up. */
  function flush(): Promise<void> {
    if (untold.length > 0) tell();
    clearTimeout(timer);
    timer = undefined;
    writing ??= drain().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const entries = queue.slice(0, options.batch);
      const written = await write(entries);
      // Taken out only now: entries in flight still count against the bound.
      queue.splice(0, entries.length);
      if (!written) lose(entries.length, 'the database did not take entries of the decision log');
    }
  }

  async function write(entries: readonly DecisionEntry[]): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        await deps.append(entries);
        return true;
      } catch (error) {
        log.warn({ err: error, attempt, entries: entries.length }, 'decision log not written');
        if (attempt < ATTEMPTS) await pause(options.intervalMs * attempt);
      }
    }
    return false;
  }

  function lose(count: number, why: string): void {
    // The first loss and then each thousandth: a full disk must not fill the log as well.
    const before = lost;
    lost += count;
    if (before === 0 || Math.floor(before / 1000) !== Math.floor(lost / 1000)) log.error({ lost }, why);
  }

  return {
    record,
    get lost() {
      return lost;
    },
    flush,
    close: async () => {
      tell();
      closed = true;
      forgetExit();
      await flush();
    },
  };
}

/** What the log keeps of an entry: everything but what is empty. An entry holds no secret. */
function lineOf(entry: DecisionEntry): Readonly<Record<keyof DecisionEntry, unknown>> {
  return {
    id: entry.id,
    at: entry.at,
    subject: given(entry.subject),
    credential: given(entry.credential),
    address: given(entry.address),
    method: given(entry.method),
    route: given(entry.route),
    res: given(entry.res),
    act: given(entry.act),
    path: given(entry.path),
    own: given(entry.own),
    also: given(entry.also),
    code: entry.code,
    rules: given(entry.rules),
    revision: entry.revision,
    status: entry.status,
    bytes: entry.bytes,
    durationMs: entry.durationMs,
  };
}

function given<Value extends string | readonly unknown[]>(value: Value): Value | undefined {
  return value.length === 0 ? undefined : value;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
