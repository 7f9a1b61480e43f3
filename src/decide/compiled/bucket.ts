/** Rules with the same subject, path pattern and labels. Of those that match without more, one stands for all. */
import type { PolicyRow } from '../policy-row.ts';
import type { Check } from './compile-test.ts';
import type { LabelClass } from './label-class.ts';
import type { Edit } from './persistent-map.ts';

/** A rule that has something left to evaluate. */
export interface Entry {
  readonly row: PolicyRow;
  /** What is left of the matcher; `undefined` when nothing is. */
  readonly check: Check | undefined;
}

export interface Bucket {
  readonly edit: Edit;
  readonly labels: LabelClass;
  /** The rule that allows and counts. */
  allow: PolicyRow | undefined;
  /** The first rule that denies. */
  deny: PolicyRow | undefined;
  /** Rules beside these two that say the same and do not count. */
  spare: readonly PolicyRow[];
  /** Rules that have something left to evaluate. */
  entries: Entry[];
}

/** A rule on its way into a bucket or out of one. */
export interface BucketChange {
  readonly edit: Edit;
  readonly labels: LabelClass;
  readonly row: PolicyRow;
  readonly check: Check | undefined;
  /** Whether one rule may stand for several: all have one subject, and nothing is left to evaluate. */
  readonly isShared: boolean;
  /** Whether Casbin names the last rule that allowed and not the first. */
  readonly lastAllows: boolean;
  /** Whether it comes or goes. */
  readonly isAdded: boolean;
}

const NONE: readonly PolicyRow[] = [];
const NO_ENTRIES: Entry[] = [];

/** `bucket` with or without the rule; `undefined` when nothing is left. */
export function changeBucket(bucket: Bucket | undefined, change: BucketChange): Bucket | undefined {
  return change.isAdded ? withRule(bucket, change) : withoutRule(bucket, change);
}

function withRule(bucket: Bucket | undefined, change: BucketChange): Bucket {
  const { row, check } = change;
  const changed = editable(bucket, change);
  if (!change.isShared) addEntry(changed, { row, check });
  else if (row.isDeny) {
    const [kept, other] = inOrder(changed.deny, row);
    changed.deny = kept;
    if (other !== undefined) changed.spare = [...changed.spare, other];
  } else {
    const [first, last] = inOrder(changed.allow, row);
    const [kept, other] = change.lastAllows && last !== undefined ? [last, first] : [first, last];
    changed.allow = kept;
    if (other !== undefined) changed.spare = [...changed.spare, other];
  }
  return changed;
}

function withoutRule(bucket: Bucket | undefined, change: BucketChange): Bucket | undefined {
  if (bucket === undefined) return undefined;
  const others = rulesIn(bucket).filter((row) => row.at !== change.row.at);
  const entries = bucket.entries.filter(({ row }) => row.at !== change.row.at);
  if (others.length + entries.length === 0) return undefined;
  let left = editable(undefined, change);
  for (const row of others) left = withRule(left, { ...change, row, isShared: true });
  for (const entry of entries) addEntry(left, entry);
  return left;
}

/** The rules of a bucket that match without more. */
export function rulesIn({ allow, deny, spare }: Bucket): PolicyRow[] {
  return [allow, deny, ...spare].flatMap((row) => row ?? []);
}

/** Most buckets have none, and share that. */
function addEntry(bucket: Bucket, entry: Entry): void {
  if (bucket.entries === NO_ENTRIES) bucket.entries = [entry];
  else bucket.entries.push(entry);
}

function editable(bucket: Bucket | undefined, { edit, labels }: BucketChange): Bucket {
  if (bucket === undefined)
    return { edit, labels, allow: undefined, deny: undefined, spare: NONE, entries: NO_ENTRIES };
  return bucket.edit === edit
    ? bucket
    : { ...bucket, edit, entries: bucket.entries.length === 0 ? NO_ENTRIES : [...bucket.entries] };
}

function inOrder(kept: PolicyRow | undefined, row: PolicyRow): [PolicyRow, PolicyRow | undefined] {
  if (kept === undefined) return [row, undefined];
  return kept.at < row.at ? [kept, row] : [row, kept];
}
