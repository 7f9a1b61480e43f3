/** Follows the chain entry by entry: numbers without a gap, each hash that of its entry, each entry linked to the one before. */
import { NO_HASH, entryHash } from '../../core/audit-entry.ts';
import type { AuditRecord } from '../../core/audit-entry.ts';
import type { AuditHead } from '../../store/store.ts';
import { entriesFrom } from './findings.ts';
import type { Findings } from './findings.ts';
import type { Cut } from './statements.ts';

/** What an entry in which the gate notes a broken promise is called. */
export const MISMATCH_ENTRY = 'audit.mismatch';
/** How far from its place a moved entry is looked for. */
const NEARBY = 100;

export interface ChainCheck {
  next(entry: AuditRecord): void;
  /** After the last entry: is that the end the log knows of? */
  end(head: AuditHead): void;
  readonly first: number;
  readonly last: number;
  readonly entries: number;
}

interface Seen {
  readonly seq: number;
  readonly hash: string;
  /** Whether the link from the next entry to this one means anything. */
  readonly isInPlace: boolean;
}

export function createChainCheck(findings: Findings, cut: Cut | undefined): ChainCheck {
  let before: Seen | undefined;
  let first = 0;
  let entries = 0;

  function next(entry: AuditRecord): void {
    const { seq } = entry;
    entries += 1;
    if (before === undefined) {
      first = seq;
      checkBeginning(entry);
    } else checkLink(entry, before);
    before = { seq, hash: entry.hash, isInPlace: checkOwnHash(entry) };
    if (seq === cut?.through && entry.hash !== cut.hash)
      findings.add(seq, 'rewritten', `entry ${seq} is not the one at which older ones were cut off`);
    if (entry.what === MISMATCH_ENTRY)
      findings.add(seq, 'mismatch', `entry ${seq}: the gate found that the audit it had signed was gone`);
  }

  function checkBeginning({ seq, previous }: AuditRecord): void {
    const allowed = (cut?.through ?? 0) + 1;
    if (seq > allowed)
      findings.add(allowed, 'removed', `${entriesFrom(allowed, seq - 1)} missing at the beginning`);
    const expected = seq === 1 ? NO_HASH : seq === allowed ? cut?.hash : previous;
    if (previous !== expected) findings.add(seq, 'rewritten', `entry ${seq} does not begin the audit`);
  }

  function checkLink({ seq, previous }: AuditRecord, last: Seen): void {
    if (seq > last.seq + 1)
      findings.add(last.seq + 1, 'removed', `${entriesFrom(last.seq + 1, seq - 1)} missing`);
    else if (last.isInPlace && previous !== last.hash)
      findings.add(
        last.seq,
        'rewritten',
        `entry ${seq} was written after another entry ${last.seq} than is there now`,
      );
  }

  /** False when the entry came from another place. */
  function checkOwnHash(entry: AuditRecord): boolean {
    const { seq } = entry;
    if (entryHash(entry) === entry.hash) return true;
    const place = writtenAt(entry);
    if (place === undefined) findings.add(seq, 'changed', `entry ${seq} is not as it was written`);
    else findings.add(seq, 'reordered', `entry ${seq} was written as entry ${place}`);
    return place === undefined;
  }

  return {
    next,
    end(head) {
      const last = before?.seq ?? cut?.through ?? 0;
      if (head.seq > last)
        findings.add(last + 1, 'truncated', `${entriesFrom(last + 1, head.seq)} missing at the end`);
      else if (head.seq < last)
        findings.add(head.seq + 1, 'added', `${entriesFrom(head.seq + 1, last)} beyond the end of the audit`);
      else if (before !== undefined && head.hash !== before.hash)
        findings.add(last, 'rewritten', `entry ${last} is not the one that was written last`);
    },
    get first() {
      return first;
    },
    get last() {
      return before?.seq ?? 0;
    },
    get entries() {
      return entries;
    },
  };
}

/** The number with which the entry's hash fits. */
function writtenAt(entry: AuditRecord): number | undefined {
  for (let distance = 1; distance <= NEARBY; distance += 1) {
    for (const seq of [entry.seq - distance, entry.seq + distance])
      if (entryHash({ ...entry, seq }) === entry.hash) return seq;
  }
  return undefined;
}
