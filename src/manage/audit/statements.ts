/** What the gate signs about its audit: checkpoints, and cuts of what has become too old. docs/audit.md has both forms. */
import type { AuditKey } from '../../record/audit-key.ts';
import { readLine, signLine } from '../../record/signed-line.ts';

/** "Entry `seq` has this hash, and so everything before it is settled." */
export interface Checkpoint {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly seq: number;
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** SHA-256 of the line of the checkpoint before; `NO_HASH` for the first. */
  readonly previous: string;
}

/** "Entries up to `through` were taken away because they were too old; the last of them had this hash." */
export interface Cut {
  readonly through: number;
  readonly hash: string;
  readonly at: number;
  /** Number of the checkpoint at which it was cut, which is kept. */
  readonly checkpoint: number;
}

/** A statement as read, with the line it came from. The signature is not checked. */
export type Stated<T> = T & { readonly line: string; readonly key: string };

const CHECKPOINT = 'gate-checkpoint-1';
const CUT = 'gate-cut-1';
const CHECKPOINT_TEXT = /gate-checkpoint-1,[\w,.:-]+/g;

export function signCheckpoint(key: AuditKey, checkpoint: Checkpoint): string {
  const { number, seq, hash, at, previous } = checkpoint;
  return signLine(key, CHECKPOINT, [String(number), String(seq), hash, new Date(at).toISOString(), previous]);
}

/** Undefined when `line` is no checkpoint. */
export function readCheckpoint(line: string): Stated<Checkpoint> | undefined {
  const read = readLine(line, CHECKPOINT, 5);
  if (read === undefined) return undefined;
  const [number = '', seq = '', hash = '', at = '', previous = ''] = read.fields;
  return {
    number: Number(number),
    seq: Number(seq),
    hash,
    at: Date.parse(at),
    previous,
    line,
    key: read.key,
  };
}

/** Every checkpoint that a text names, such as a log. */
export function checkpointsIn(text: string): Stated<Checkpoint>[] {
  const found = [...text.matchAll(CHECKPOINT_TEXT)].map(([line]) => readCheckpoint(line));
  return found.filter((checkpoint) => checkpoint !== undefined);
}

export function signCut(key: AuditKey, { through, hash, at, checkpoint }: Cut): string {
  return signLine(key, CUT, [String(through), hash, new Date(at).toISOString(), String(checkpoint)]);
}

/** Undefined when `line` is no cut. */
export function readCut(line: string): Stated<Cut> | undefined {
  const read = readLine(line, CUT, 4);
  if (read === undefined) return undefined;
  const [through = '', hash = '', at = '', checkpoint = ''] = read.fields;
  return {
    through: Number(through),
    hash,
    at: Date.parse(at),
    checkpoint: Number(checkpoint),
    line,
    key: read.key,
  };
}
