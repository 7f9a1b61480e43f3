/** The audit's part of the store's contract: a chain of entries that only grows, and the checkpoints signed over it. */
import type { AuditRecord, NewAuditEntry } from '../core/audit-entry.ts';
import type { PageRequest } from './store.ts';

/** The end of the chain: the last entry's number and hash, 0 and `NO_HASH` before the first. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}
/** A checkpoint as stored; the signed line says the rest. */
export interface CheckpointRow {
  /** 1, 2, 3 … */
  readonly number: number;
  /** Last entry it covers. */
  readonly seq: number;
  readonly at: number;
  readonly line: string;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  /** `grant.add`, or `grant` for all that is done to grants. */
  readonly what?: string | undefined;
  readonly target?: string | undefined;
  /** What was done to them (the target, or its first word: a grant's target is `bob role:viewer`) and what was refused to them. */
  readonly subject?: string | undefined;
  /** From then on. */
  readonly since?: number | undefined;
  /** Before then. */
  readonly until?: number | undefined;
}
/** The audit as it can be read. */
export interface AuditReader {
  /** Newest first; `after` is the number below which to go on. */
  list(filter: AuditFilter, page: PageRequest<number>): Promise<AuditRecord[]>;
  /** Oldest first, beyond `after`. */
  slice(page: PageRequest<number>): Promise<AuditRecord[]>;
  find(seq: number): Promise<AuditRecord | undefined>;
  head(): Promise<AuditHead>;
  /** By number. */
  checkpoints(page: PageRequest<number>): Promise<CheckpointRow[]>;
  latestCheckpoint(): Promise<CheckpointRow | undefined>;
  /** The newest that is not younger than `at`. */
  checkpointBefore(at: number): Promise<CheckpointRow | undefined>;
}
export interface Audit extends AuditReader {
  /** Adds entries to the end of the chain, which is locked until the transaction ends: call it late. */
  append(...entries: readonly NewAuditEntry[]): Promise<void>;
  /** Locks the end of the chain and gives it. */
  lockHead(): Promise<AuditHead>;
  insertCheckpoint(checkpoint: CheckpointRow): Promise<void>;
  /** Takes away the oldest entries up to `seq`, and checkpoints before `number`: at most `limit` of each. Gives how many. */
  removeOldest(upTo: { readonly seq: number; readonly number: number }, limit: number): Promise<number>;
  /** Reads of one and the same state. */
  snapshot<T>(work: (audit: AuditReader) => Promise<T>): Promise<T>;
}
