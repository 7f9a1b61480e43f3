/** All label classes of a policy, and which of them match a question. */
import { classMatches, labelClass } from './label-class.ts';
import { createClassSets } from './class-sets.ts';
import type { Question } from '../../core/question.ts';
import type { ClassSet } from './class-sets.ts';
import type { LabelClass } from './label-class.ts';
import type { LabelUse } from './plan.ts';

export interface LabelClasses {
  /** The class of a rule's values; equal patterns have the same. */
  of(values: readonly string[]): LabelClass;
  /** The classes that match, a bit for each; `undefined` where there are too many to keep that. */
  matching(question: Question): ClassSet | undefined;
  readonly size: number;
}

/** Classes that sets are kept of: a set is made of all of them, for every combination of labels that is asked for. */
const MAX_CLASSES = 128;

/** A bit for a class; classes beyond 32 share them. */
export function markOf(labels: LabelClass): number {
  return 1 << (labels.id & 31);
}

/** The marks of every class in `set`. */
export function marksOf(set: ClassSet | undefined): number {
  return set === undefined ? -1 : set.reduce((marks, word) => marks | word, 0);
}

/** Whether a class matches: by the question's set where there is one. */
export function isMatching(labels: LabelClass, question: Question, set: ClassSet | undefined): boolean {
  if (set === undefined) return classMatches(labels, question);
  return ((set[labels.id >>> 5] ?? 0) & (1 << (labels.id & 31))) !== 0;
}

/** The classes of rules under one plan. */
export function createLabelClasses(uses: readonly LabelUse[]): LabelClasses {
  const classes = new Map<string, LabelClass>();
  const sets = createClassSets(uses);
  return {
    of(values) {
      let key = '';
      for (const { column } of uses) {
        const value = values[column] ?? '';
        // the length first, so that no two tuples have the same key
        key += `${value.length} ${value}`;
      }
      let found = classes.get(key);
      if (found === undefined) {
        found = labelClass(classes.size, uses, values);
        classes.set(key, found);
      }
      return found;
    },
    matching: (question) => (classes.size > MAX_CLASSES ? undefined : sets.of(question, classes)),
    get size() {
      return classes.size;
    },
  };
}
