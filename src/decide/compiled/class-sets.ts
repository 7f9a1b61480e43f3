/** Which label classes match a question, remembered by the question's labels: there are few of those. */
import { classMatches } from './label-class.ts';
import type { Question } from '../../core/question.ts';
import type { LabelClass } from './label-class.ts';
import type { LabelUse } from './plan.ts';

/** Classes by the bits of 32-bit words. */
export type ClassSet = Int32Array;

export interface ClassSets {
  /** Those of `classes` that match. */
  of(question: Question, classes: ReadonlyMap<string, LabelClass>): ClassSet;
}

interface Level {
  readonly next: Map<string, Level>;
  set: ClassSet | undefined;
}

/** Combinations of labels that are remembered. */
const MAX_SETS = 4096;

/** Sets for the columns `uses`. */
export function createClassSets(uses: readonly LabelUse[]): ClassSets {
  let root = level();
  let size = 0;
  let known = 0;
  return {
    of(question, classes) {
      if (known !== classes.size || size > MAX_SETS) {
        root = level();
        size = 0;
        known = classes.size;
      }
      let at = root;
      for (const { field } of uses) {
        const label = question[field];
        let next = at.next.get(label);
        if (next === undefined) at.next.set(label, (next = level()));
        at = next;
      }
      if (at.set === undefined) {
        at.set = setOf(question, classes);
        size++;
      }
      return at.set;
    },
  };
}

function level(): Level {
  return { next: new Map(), set: undefined };
}

function setOf(question: Question, classes: ReadonlyMap<string, LabelClass>): ClassSet {
  const set = new Int32Array((classes.size + 31) >>> 5);
  for (const labels of classes.values()) {
    const word = labels.id >>> 5;
    if (classMatches(labels, question)) set[word] = (set[word] ?? 0) | (1 << (labels.id & 31));
  }
  return set;
}
