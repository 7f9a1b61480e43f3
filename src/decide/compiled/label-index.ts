/** Buckets by the keys of their label patterns, one level for each indexed column. */
import { spend } from '../effort.ts';
import { wideKey } from './label-class.ts';
import { lookUp, valuesIn, withEntry, withoutEntry } from './persistent-map.ts';
import type { Question } from '../../core/question.ts';
import type { Bucket } from './bucket.ts';
import type { LabelClass } from './label-class.ts';
import type { Edit, PersistentMap } from './persistent-map.ts';

export interface LabelIndex {
  /** Any class: all name the same columns. */
  readonly shape: LabelClass;
  readonly root: Level | undefined;
  /** Buckets with too many combinations of keys to list. */
  readonly broad: readonly Bucket[];
}

interface Level {
  readonly next: PersistentMap<Level>;
  readonly buckets: readonly Bucket[];
}

const MAX_COMBINATIONS = 64;
const STEPS_OF_BUCKET = 4;
const EMPTY: Level = { next: undefined, buckets: [] };

/** `index` with a bucket that is not in it. */
export function addToIndex(index: LabelIndex | undefined, bucket: Bucket, edit: Edit): LabelIndex {
  const { labels } = bucket;
  const { root, broad } = index ?? { root: undefined, broad: [] };
  if (isBroad(labels)) return { shape: labels, root, broad: [...broad, bucket] };
  const change = { labels, edit, to: (buckets: readonly Bucket[]) => [...buckets, bucket] };
  return { shape: labels, root: changedLevel(root, change, 0), broad };
}

/** `index` without a bucket; `undefined` when nothing is left. */
export function removeFromIndex(index: LabelIndex, bucket: Bucket, edit: Edit): LabelIndex | undefined {
  const { labels } = bucket;
  const without = (buckets: readonly Bucket[]) => buckets.filter((each) => each !== bucket);
  const isIn = isBroad(labels);
  const root = isIn ? index.root : changedLevel(index.root, { labels, edit, to: without }, 0);
  const broad = isIn ? without(index.broad) : index.broad;
  return root === undefined && broad.length === 0 ? undefined : { ...index, root, broad };
}

/** The bucket of a class. */
export function bucketIn(index: LabelIndex, labels: LabelClass): Bucket | undefined {
  if (isBroad(labels)) return index.broad.find((bucket) => bucket.labels === labels);
  let level = index.root;
  // it is listed under each combination of its keys, so also under that of the first ones
  for (const { keys } of labels.patterns) {
    const [key = ''] = keys;
    level = lookUp(level?.next, key);
  }
  return level?.buckets.find((bucket) => bucket.labels === labels);
}

/** Calls `visit` with every listed bucket whose labels match. */
export function descend(index: LabelIndex, question: Question, visit: (bucket: Bucket) => void): void {
  if (index.root !== undefined) descendFrom(index.root, { shape: index.shape, question, visit }, 0);
}

/** Every bucket, once. */
export function* bucketsIn({ root, broad }: LabelIndex): Generator<Bucket> {
  yield* broad;
  if (root !== undefined) yield* new Set(bucketsBelow(root));
}

function* bucketsBelow(level: Level): Generator<Bucket> {
  yield* level.buckets;
  for (const next of valuesIn(level.next)) yield* bucketsBelow(next);
}

function isBroad({ patterns }: LabelClass): boolean {
  return patterns.reduce((product, pattern) => product * pattern.keys.size, 1) > MAX_COMBINATIONS;
}

interface LevelChange {
  readonly labels: LabelClass;
  readonly edit: Edit;
  readonly to: (buckets: readonly Bucket[]) => readonly Bucket[];
}

function changedLevel(from: Level | undefined, change: LevelChange, depth: number): Level | undefined {
  const level = from ?? EMPTY;
  const pattern = change.labels.patterns[depth];
  if (pattern === undefined) {
    const buckets = change.to(level.buckets);
    return buckets.length === 0 ? undefined : { next: undefined, buckets };
  }
  let { next } = level;
  for (const key of pattern.keys) {
    const after = changedLevel(lookUp(next, key), change, depth + 1);
    next =
      after === undefined ? withoutEntry(next, key, change.edit) : withEntry(next, key, after, change.edit);
  }
  return next === undefined ? undefined : { next, buckets: [] };
}

interface Search {
  readonly shape: LabelClass;
  readonly question: Question;
  readonly visit: (bucket: Bucket) => void;
}

function descendFrom(level: Level, search: Search, depth: number): void {
  const pattern = search.shape.patterns[depth];
  if (pattern === undefined) {
    spend(level.buckets.length * STEPS_OF_BUCKET);
    for (const bucket of level.buckets) search.visit(bucket);
    return;
  }
  const label = search.question[pattern.field];
  const exact = lookUp(level.next, label);
  if (exact !== undefined) descendFrom(exact, search, depth + 1);
  const wide = wideKey(label);
  // a column compared with `==` holds `*` and `gate:*` as plain text
  const broader = wide === label || pattern.isPlain ? undefined : lookUp(level.next, wide);
  if (broader !== undefined) descendFrom(broader, search, depth + 1);
}
