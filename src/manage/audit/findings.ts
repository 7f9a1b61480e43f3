/** What a verification found, as people read it. */

export type FindingKind =
  /** The fields do not fit the hash. */
  | 'changed'
  /** Not there any more. */
  | 'removed'
  /** Stands in another place than it was written at. */
  | 'reordered'
  /** Fits its own hash and not what was written or signed after it. */
  | 'rewritten'
  /** The end is gone. */
  | 'truncated'
  /** Beyond the end that the log knows of. */
  | 'added'
  /** A checkpoint is missing, forged or out of order. */
  | 'checkpoint'
  /** A signature by a key that is not known here. */
  | 'key'
  /** The gate noted that what it had signed was gone. */
  | 'mismatch';

export interface Finding {
  /** The entry it is about; 0 when it is about none. */
  readonly seq: number;
  readonly kind: FindingKind;
  readonly detail: string;
}

export interface Findings {
  add(seq: number, kind: FindingKind, detail: string): void;
  /** The first ones; one change can make many. */
  readonly listed: readonly Finding[];
  readonly count: number;
}

const MOST_LISTED = 100;

export function createFindings(): Findings {
  const listed: Finding[] = [];
  let count = 0;
  return {
    add(seq, kind, detail) {
      count += 1;
      if (listed.length < MOST_LISTED) listed.push({ seq, kind, detail });
    },
    listed,
    get count() {
      return count;
    },
  };
}

/** `entry 7`, `entries 7 to 9`. */
export function entriesFrom(first: number, last: number): string {
  return first === last ? `entry ${first}` : `entries ${first} to ${last}`;
}
