/** An entry of the audit and its hash, which covers all of it and the entry before. docs/audit.md has the encoding. */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** Which way it came: the admin API, the command line (as it names itself), the listener people reach, the clock, or the gate by itself. */
export type AuditVia = 'api' | 'cli' | 'proxy' | 'clock' | 'gate';

/** How the command line names itself to the admin API (`User-Agent`). */
export const COMMAND_LINE_AGENT = 'jupyter-gate-cli';

/** What is known when something is written down; the log adds its place in the chain. */
export interface NewAuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  /** Client address, `''` for the gate itself. */
  readonly address: string;
  /** `proxy` when left out, `gate` without an address. */
  readonly via?: AuditVia | undefined;
  /** Noun and verb, e.g. `grant.add`. */
  readonly what: string;
  /** What it was done to, e.g. a user name or rule id. */
  readonly target: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly revision: number;
}

export interface AuditRecord extends NewAuditEntry {
  /** 1, 2, 3 …: one that is not there was removed. */
  readonly seq: number;
  readonly via: AuditVia;
  /** Hash of the entry before; `NO_HASH` for the first. */
  readonly previous: string;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** Stands before the first entry and the first checkpoint. */
export const NO_HASH = '0'.repeat(64);

/** The hash that `entry` must have. */
export function entryHash(entry: Omit<AuditRecord, 'hash'>): string {
  const { seq, at, actor, address, via, what, target, before, after, revision, previous } = entry;
  const hashed = {
    seq,
    at: shownTime(at),
    actor,
    address,
    via,
    what,
    target,
    before,
    after,
    revision,
    previous,
  };
  return sha256(canonicalJson(hashed));
}

/** SHA-256 of a text in UTF-8, hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** RFC 3339, as everywhere outside; a number that is no time, which only another hand can have written, stays one. */
export function shownTime(at: number): string | number {
  return Number.isInteger(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : at;
}
