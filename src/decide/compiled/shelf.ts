/** The rules of one subject at one path pattern, found by their labels. */
import { classMatches, wideKey } from './label-class.ts';
import type { Question } from '../../core/question.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { Check } from './compile-test.ts';
import type { LabelClass } from './label-class.ts';

/** A rule that has something left to evaluate. */
export interface Entry {
  /** Its place in Casbin's order. */
  readonly at: number;
  readonly row: PolicyRow;
  /** What is left of the matcher; `undefined` when nothing is. */
  readonly check: Check | undefined;
}

/** Rules with the same labels. Of those that match without more, only the ones that can decide are kept. */
export interface Bucket {
  readonly labels: LabelClass;
  /** Place of the rule that allows and counts, or -1. */
  allow: number;
  /** Place of the first rule that denies, or -1. */
  deny: number;
  readonly entries: Entry[];
}

/** Buckets under one path pattern; an index when there are many. */
export interface Shelf {
  buckets: Bucket[];
  index: LabelIndex | undefined;
}

interface LabelIndex {
  readonly byClass: Map<number, Bucket>;
  /** Buckets by the keys of their patterns, one level for each column. */
  readonly root: Level;
  /** Buckets with too many combinations of keys to list. */
  readonly broad: Bucket[];
}

interface Level {
  readonly next: Map<string, Level>;
  readonly buckets: Bucket[];
}

const MAX_LISTED = 12;
const MAX_COMBINATIONS = 64;

export function createShelf(): Shelf {
  return { buckets: [], index: undefined };
}

/** The bucket for `labels`, added when there is none. */
export function bucketFor(shelf: Shelf, labels: LabelClass): Bucket {
  const found =
    shelf.index === undefined
      ? shelf.buckets.find((bucket) => bucket.labels === labels)
      : shelf.index.byClass.get(labels.id);
  if (found !== undefined) return found;
  const bucket: Bucket = { labels, allow: -1, deny: -1, entries: [] };
  shelf.buckets.push(bucket);
  if (shelf.index !== undefined) addToIndex(shelf.index, bucket);
  else if (shelf.buckets.length > MAX_LISTED && labels.patterns.length > 0) {
    shelf.index = { byClass: new Map(), root: level(), broad: [] };
    for (const each of shelf.buckets) addToIndex(shelf.index, each);
  }
  return bucket;
}

/** Calls `visit` with every bucket whose labels match. */
export function eachMatching(shelf: Shelf, question: Question, visit: (bucket: Bucket) => void): void {
  const listed = shelf.index === undefined ? shelf.buckets : shelf.index.broad;
  for (const bucket of listed) if (classMatches(bucket.labels, question)) visit(bucket);
  if (shelf.index !== undefined) descend(shelf.index.root, shelf.buckets[0]?.labels, { question, visit });
}

interface Search {
  readonly question: Question;
  readonly visit: (bucket: Bucket) => void;
}

/** `shape` is any class: all name the same columns. */
function descend(from: Level, shape: LabelClass | undefined, search: Search, depth = 0): void {
  const pattern = shape?.patterns[depth];
  if (pattern === undefined) {
    for (const bucket of from.buckets) search.visit(bucket);
    return;
  }
  const label = search.question[pattern.field];
  const exact = from.next.get(label);
  if (exact !== undefined) descend(exact, shape, search, depth + 1);
  const wide = wideKey(label);
  // a column compared with `==` holds `*` and `gate:*` as plain text
  const broader = wide === label || pattern.isPlain ? undefined : from.next.get(wide);
  if (broader !== undefined) descend(broader, shape, search, depth + 1);
}

function level(): Level {
  return { next: new Map(), buckets: [] };
}

function addToIndex(index: LabelIndex, bucket: Bucket): void {
  const { patterns } = bucket.labels;
  index.byClass.set(bucket.labels.id, bucket);
  const combinations = patterns.reduce((product, pattern) => product * pattern.keys.size, 1);
  if (combinations > MAX_COMBINATIONS) {
    index.broad.push(bucket);
    return;
  }
  let levels = [index.root];
  for (const pattern of patterns) {
    levels = levels.flatMap((each) => [...pattern.keys].map((key) => nextLevel(each, key)));
  }
  for (const each of levels) each.buckets.push(bucket);
}

function nextLevel(from: Level, key: string): Level {
  const found = from.next.get(key);
  if (found !== undefined) return found;
  const added = level();
  from.next.set(key, added);
  return added;
}
