/** What record offers: one entry for each request, kept without ever holding a request back. */
import type { DecisionEntry } from '../core/entry.ts';

export interface Recorder {
  record(entry: DecisionEntry): void;
  /** Entries dropped because the database could not keep up. */
  readonly lost: number;
  /** Writes what is queued; with a deadline, used at stop. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
