/** Holds the checkpoints against the entries they were signed over, and against each other. */
import { NO_HASH, sha256 } from '../../core/audit-entry.ts';
import type { PublicKeys } from '../../record/audit-key.ts';
import { checkSignature } from '../../record/signed-line.ts';
import type { AuditReader, CheckpointRow } from '../../store/store.ts';
import { entriesFrom } from './findings.ts';
import type { Findings } from './findings.ts';
import { readCheckpoint } from './statements.ts';
import type { Checkpoint, Cut, Stated } from './statements.ts';

export interface CheckpointCheckOptions {
  readonly reader: AuditReader;
  readonly keys: PublicKeys;
  /** Checkpoints that were kept elsewhere. */
  readonly expected: readonly Stated<Checkpoint>[];
  readonly findings: Findings;
  readonly cut: Cut | undefined;
}

export interface CheckpointCheck {
  /** Checks those over entries up to `seq`; `hashOf` knows the entries since the last call. */
  until(seq: number, hashOf: (seq: number) => string | undefined): Promise<void>;
  /** Those beyond the last entry: the end is gone. */
  end(last: number): Promise<void>;
  /** Last entry that a sound checkpoint covers. */
  readonly covered: number;
  readonly count: number;
}

const SLICE = 500;

export function createCheckpointCheck(options: CheckpointCheckOptions): CheckpointCheck {
  const { reader, keys, findings, cut } = options;
  const expected = options.expected.toSorted((a, b) => a.seq - b.seq);
  const expectedLines = new Map(expected.map(({ number, line }) => [number, line]));
  const signatures = createSignatureCheck(keys, findings);
  let waiting: CheckpointRow[] = [];
  let before: CheckpointRow | undefined;
  let count = 0;
  let covered = cut?.through ?? 0;

  /** The next row over an entry up to `seq`, which is then taken. */
  async function take(seq: number): Promise<CheckpointRow | undefined> {
    if (waiting.length === 0)
      waiting = await reader.checkpoints({ after: before?.number ?? 0, limit: SLICE });
    const [next] = waiting;
    if (next === undefined || next.seq > seq) return undefined;
    waiting = waiting.slice(1);
    return next;
  }

  function check(row: CheckpointRow, judge: (checkpoint: Checkpoint) => void): void {
    count += 1;
    const { number, seq, line } = row;
    const checkpoint = readCheckpoint(line);
    if (
      checkpoint?.number !== number ||
      checkpoint.seq !== seq ||
      line !== (expectedLines.get(number) ?? line)
    )
      findings.add(seq, 'checkpoint', `checkpoint ${number} is not the one that was signed`);
    else if (signatures.accept(checkpoint)) {
      checkOrder(checkpoint);
      judge(checkpoint);
    }
    before = row;
  }

  function checkOrder({ number, previous, seq }: Checkpoint): void {
    // Those before a cut may be gone already; the one at the cut is kept.
    const isFirstKept = before === undefined && cut !== undefined && number <= cut.checkpoint;
    if (isFirstKept) return;
    const following = before === undefined ? (cut?.checkpoint ?? 1) : before.number + 1;
    if (number !== following)
      findings.add(seq, 'checkpoint', `${checkpointsFrom(following, number - 1)} missing`);
    else if (previous !== (before === undefined ? NO_HASH : sha256(before.line)))
      findings.add(seq, 'checkpoint', `checkpoint ${number} was signed after another one than is there now`);
  }

  function compare({ number, seq, hash }: Checkpoint, found: string | undefined): void {
    if (found === hash) covered = Math.max(covered, seq);
    else if (found !== undefined) {
      const where = entriesFrom(Math.min(covered + 1, seq), seq);
      findings.add(seq, 'rewritten', `${where}: not what checkpoint ${number} was signed over`);
    } else if (seq > (cut?.through ?? 0))
      findings.add(seq, 'removed', `entry ${seq} missing, over which checkpoint ${number} was signed`);
  }

  return {
    async until(seq, hashOf) {
      const judge = (checkpoint: Checkpoint): void => compare(checkpoint, hashOf(checkpoint.seq));
      for (let row = await take(seq); row !== undefined; row = await take(seq)) check(row, judge);
      while (expected[0] !== undefined && expected[0].seq <= seq) {
        const checkpoint = expected.shift();
        if (checkpoint !== undefined && signatures.accept(checkpoint)) judge(checkpoint);
      }
    },
    async end(last) {
      const judge = ({ number, seq }: Checkpoint): void =>
        findings.add(
          seq,
          'truncated',
          `the audit ends at entry ${last}; checkpoint ${number} was signed at entry ${seq}`,
        );
      for (let row = await take(Infinity); row !== undefined; row = await take(Infinity)) check(row, judge);
      for (const checkpoint of expected) if (signatures.accept(checkpoint)) judge(checkpoint);
      const newest = Math.max(0, ...expectedLines.keys());
      const present = before?.number ?? 0;
      if (newest > present)
        findings.add(last, 'checkpoint', `${checkpointsFrom(present + 1, newest)} missing at the end`);
    },
    get covered() {
      return covered;
    },
    get count() {
      return count;
    },
  };
}

/** Says each unknown key once. */
function createSignatureCheck(keys: PublicKeys, findings: Findings) {
  const unknown = new Set<string>();
  return {
    accept({ line, key, number, seq }: Stated<Checkpoint>): boolean {
      const answer = checkSignature(line, keys);
      if (answer === 'forged') findings.add(seq, 'checkpoint', `checkpoint ${number} has a forged signature`);
      if (answer === 'unknown key' && !unknown.has(key)) {
        unknown.add(key);
        findings.add(seq, 'key', `checkpoint ${number} is signed with key ${key}, which is not known here`);
      }
      return answer === 'valid';
    },
  };
}

function checkpointsFrom(first: number, last: number): string {
  return first === last ? `checkpoint ${first}` : `checkpoints ${first} to ${last}`;
}
