/**
 * Refusals on their way to the audit: written later, in batches, off every request's way. Of a flood, the first of each
 * asker and minute are entries of their own and the rest one entry that counts them; memory and rows are bounded.
 */
import type { AuditVia, NewAuditEntry } from '../core/audit-entry.ts';
import type { Clock } from '../core/clock.ts';
import { ANONYMOUS } from '../core/identity.ts';
import type { Refusal, Refusals } from '../core/refusal.ts';
import type { Log } from './log.ts';

/** Without a revision: the one in force when it is written. */
export type RefusalEntry = Omit<NewAuditEntry, 'revision'> & { readonly revision: number | undefined };

export interface RefusalsDeps {
  /** Writes a batch into the audit; all of it or nothing. */
  readonly append: (entries: readonly RefusalEntry[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

export interface RefusalsOptions {
  /** Milliseconds over which refusals are counted together. */
  readonly window: number;
  /** Entries of its own that one asker gets in a window. */
  readonly each: number;
  /** Entries of their own that all askers together get in a window. */
  readonly all: number;
  /** Askers counted apart in a window; what comes from more is counted together. */
  readonly askers: number;
  /** Most entries that wait; while that many do, refusals are counted only. */
  readonly maxQueue: number;
  readonly batch: number;
  /** Longest time an entry waits while the database keeps up, milliseconds. */
  readonly intervalMs: number;
}

export interface RefusalQueue extends Refusals {
  /** Writes what waits; rejects when the database does not take it, and what waits stays. */
  flush(): Promise<void>;
  /** Counts included, writes what waits and stops. What cannot be written then is told to the log. */
  close(): Promise<void>;
}

/** What one asker was refused in this window. */
interface Asker {
  readonly what: Refusal['what'];
  readonly subject: string;
  readonly address: string;
  readonly via: AuditVia;
  /** The account somebody tried to sign in to; `''` for requests, whose targets are too many to count apart. */
  readonly account: string;
  own: number;
  readonly since: number;
  until: number;
  readonly omitted: Map<string, number>;
}

/** Stands for askers beyond the bound. */
const OTHERS = '*';

export function createRefusals(deps: RefusalsDeps, options: RefusalsOptions): RefusalQueue {
  const { clock, log } = deps;
  const queue: RefusalEntry[] = [];
  const askers = new Map<string, Asker>();
  let windowEnd = clock.now() + options.window;
  let own = 0;
  let writing: Promise<void> | undefined;
  let isFailing = false;
  const timer = setInterval(() => void tick(), options.intervalMs).unref();

  function add(refusal: Refusal): void {
    const asker = askerOf(refusal);
    asker.until = refusal.at;
    if (asker.own < options.each && own < options.all && queue.length < options.maxQueue) {
      asker.own += 1;
      own += 1;
      queue.push(entryOf(refusal));
    } else asker.omitted.set(refusal.code, (asker.omitted.get(refusal.code) ?? 0) + 1);
  }

  function askerOf(refusal: Refusal): Asker {
    const subject = knownSubject(refusal.subject);
    const key = `${refusal.what} ${subject} ${refusal.address} ${accountOf(refusal)}`;
    const known = askers.get(key);
    if (known !== undefined) return known;
    if (askers.size < options.askers) return newAsker(key, { ...refusal, subject });
    const beyond = { ...refusal, subject: OTHERS, address: '', via: 'gate', target: '' } as const;
    return askers.get(`${refusal.what} ${OTHERS}`) ?? newAsker(`${refusal.what} ${OTHERS}`, beyond);
  }

  function newAsker(key: string, refusal: Refusal): Asker {
    const { what, subject, address, via, at } = refusal;
    const account = accountOf(refusal);
    const spent = subject === OTHERS ? options.each : 0;
    const asker = {
      what,
      subject,
      address,
      via,
      account,
      own: spent,
      since: at,
      until: at,
      omitted: new Map(),
    };
    askers.set(key, asker);
    return asker;
  }

  function endWindow(): void {
    for (const asker of askers.values()) if (asker.omitted.size > 0) queue.push(countOf(asker));
    askers.clear();
    own = 0;
    windowEnd = clock.now() + options.window;
  }

  async function tick(): Promise<void> {
    // Not while the database is away: the counts go on, and nothing piles up.
    if (clock.now() >= windowEnd && queue.length < options.maxQueue) endWindow();
    await flush().catch(() => undefined);
  }

  function flush(): Promise<void> {
    writing ??= drain().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const entries = queue.slice(0, options.batch);
      try {
        await deps.append(entries);
      } catch (error) {
        if (!isFailing) log.warn({ err: error, waiting: queue.length }, 'refusals wait for the audit');
        isFailing = true;
        throw error;
      }
      isFailing = false;
      // Taken out only now: entries in flight still count against the bound.
      queue.splice(0, entries.length);
    }
  }

  return {
    add,
    flush,
    async close() {
      clearInterval(timer);
      endWindow();
      await writing?.catch(() => undefined);
      await flush().catch((error: unknown) => {
        log.error({ err: error, lost: queue.length }, 'refusals could not be written into the audit');
      });
    },
  };
}

/** Each anonymous request may be a guest of its own: they are counted as one. */
function knownSubject(subject: string): string {
  return subject === '' || subject.startsWith('guest:') ? ANONYMOUS : subject;
}

function accountOf({ what, target }: Refusal): string {
  return what === 'session.refused' ? target : '';
}

function entryOf({ subject, code, details, ...refusal }: Refusal): RefusalEntry {
  const { at, address, via, what, target, revision } = refusal;
  const after = { code, ...details };
  return { at, actor: subject || ANONYMOUS, address, via, what, target, before: null, after, revision };
}

/** One entry in place of many. */
function countOf({ what, subject, address, via, account, since, until, omitted }: Asker): RefusalEntry {
  const count = [...omitted.values()].reduce((sum, n) => sum + n, 0);
  const times = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
  const after = { omitted: count, codes: Object.fromEntries(omitted), ...times };
  const where = { at: until, actor: subject, address, via, what, target: account };
  return { ...where, before: null, after, revision: undefined };
}
