/** The rules of one subject at one path pattern, found by their labels. */
import { addToIndex, bucketIn, bucketsIn, descend, removeFromIndex } from './label-index.ts';
import { isMatching } from './label-classes.ts';
import { spend } from '../effort.ts';
import type { Question } from '../../core/question.ts';
import type { Bucket } from './bucket.ts';
import type { ClassSet } from './class-sets.ts';
import type { LabelClass } from './label-class.ts';
import type { LabelIndex } from './label-index.ts';
import type { Edit } from './persistent-map.ts';

/** Buckets under one path pattern: a list, or an index when there are many. */
export interface Shelf {
  readonly edit: Edit;
  readonly listed: readonly Bucket[];
  readonly index: LabelIndex | undefined;
}

/** A change of the bucket of one label class. */
export interface ShelfChange {
  readonly edit: Edit;
  readonly labels: LabelClass;
}

const MAX_LISTED = 12;

/** `shelf` with the change, `to` tells what becomes of the bucket; `undefined` when nothing is left on the shelf. */
export function changeShelf<C extends ShelfChange>(
  shelf: Shelf | undefined,
  change: C,
  to: (bucket: Bucket | undefined, change: C) => Bucket | undefined,
): Shelf | undefined {
  const { edit, labels } = change;
  const before = shelf === undefined ? undefined : bucketOf(shelf, labels);
  const after = to(before, change);
  if (after === before) return shelf;
  if (shelf?.index !== undefined) {
    const without = before === undefined ? shelf.index : removeFromIndex(shelf.index, before, edit);
    const index = after === undefined ? without : addToIndex(without, after, edit);
    return index === undefined ? undefined : { edit, listed: NONE, index };
  }
  const others = shelf?.listed.filter((bucket) => bucket !== before) ?? NONE;
  const listed = after === undefined ? others : [...others, after];
  if (listed.length === 0) return undefined;
  if (listed.length <= MAX_LISTED || labels.patterns.length === 0) return { edit, listed, index: undefined };
  let index: LabelIndex | undefined;
  for (const bucket of listed) index = addToIndex(index, bucket, edit);
  return { edit, listed: NONE, index };
}

const NONE: readonly Bucket[] = [];
const STEPS_OF_BUCKET = 4;

/** Who looks for buckets, and what the label classes say to it. */
export interface Labelled {
  readonly question: Question;
  readonly classes: ClassSet | undefined;
}

/** Calls `visit` with every bucket whose labels match. */
export function eachMatching<A extends Labelled>(
  { listed, index }: Shelf,
  asking: A,
  visit: (bucket: Bucket, asking: A) => void,
): void {
  const { question, classes } = asking;
  const inAList = index?.broad ?? listed;
  spend(inAList.length * STEPS_OF_BUCKET);
  for (const bucket of inAList) if (isMatching(bucket.labels, question, classes)) visit(bucket, asking);
  if (index !== undefined) descend(index, question, (bucket) => visit(bucket, asking));
}

/** Every bucket on the shelf. */
export function* bucketsOn(shelf: Shelf): Generator<Bucket> {
  yield* shelf.listed;
  if (shelf.index !== undefined) yield* bucketsIn(shelf.index);
}

function bucketOf({ listed, index }: Shelf, labels: LabelClass): Bucket | undefined {
  return index === undefined ? listed.find((bucket) => bucket.labels === labels) : bucketIn(index, labels);
}
