/** What each database gives the store; everything above it is the same for both. */
import type { CounterName, Session } from './session.ts';

/**
 * `policy`: durable, and one at a time across all processes, so that a check and the write resting on it are one.
 * `plain`: durable; for rows that only this process or this person writes.
 * `relaxed`: may be lost when the machine (not the process) stops.
 */
export type TransactionMode = 'policy' | 'plain' | 'relaxed';

export type Counters = Readonly<Record<CounterName, number>>;

export interface CounterChange {
  readonly counters: Counters;
  /** The counters another process raised. */
  readonly changed: readonly CounterName[];
}

export interface Backend {
  readonly kind: 'sqlite' | 'postgres';
  /** Committed rows only. */
  readonly reader: Session;
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(mode: TransactionMode, work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * Calls `handle` when another process raised a counter; again, when it failed. Called once, by the store, after
   * which `confirmedAge` counts. Ends with `close`.
   */
  watch(handle: (change: CounterChange) => Promise<void>): void;
  /** Milliseconds since the counters were last read from the database. */
  confirmedAge(): number;
  close(): Promise<void>;
}
