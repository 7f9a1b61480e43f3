/** The label patterns of a rule as one thing: rules that name the same labels share it. */
import { GATE_PREFIX } from '../functions/label-match.ts';
import { createClassSets } from './class-sets.ts';
import type { Question } from '../../core/question.ts';
import type { LabelUse } from './plan.ts';

/** Which labels one column of a rule names. */
export interface LabelPattern {
  readonly field: keyof Question;
  /** Whether it is compared with `==`: `*` has no meaning in it. */
  readonly isPlain: boolean;
  /** The only label that matches, or `undefined` when there are several. */
  readonly only: string | undefined;
  /** Labels by name, `*` (any but the gate's own) and `gate:*`, none of which is covered by another. */
  readonly keys: ReadonlySet<string>;
}

/** One pattern for each indexed column. */
export interface LabelClass {
  readonly id: number;
  readonly patterns: readonly LabelPattern[];
}

const ANY = '*';
const ANY_OF_GATE = 'gate:*';

export interface LabelClasses {
  /** The class of a rule's values; equal patterns have the same. */
  of(values: readonly string[]): LabelClass;
  /** The classes that match, a bit for each; `undefined` where there are too many to keep that. */
  matching(question: Question): ClassSet | undefined;
  readonly size: number;
}

/** Classes by the bits of 32-bit words. */
export type ClassSet = Int32Array;

/** Classes that sets are kept of. */
const MAX_CLASSES = 1024;

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
        const patterns = uses.map((use) => patternOf(use, values[use.column] ?? ''));
        found = { id: classes.size, patterns };
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

/** Whether every column of the class matches. */
export function classMatches(labels: LabelClass, question: Question): boolean {
  for (const pattern of labels.patterns) {
    const label = question[pattern.field];
    if (pattern.only === undefined ? !hasLabel(pattern.keys, label) : pattern.only !== label) return false;
  }
  return true;
}

/** The key beside its own name under which a label may be named. */
export function wideKey(label: string): string {
  return label.startsWith(GATE_PREFIX) ? ANY_OF_GATE : ANY;
}

function hasLabel(keys: ReadonlySet<string>, label: string): boolean {
  return keys.has(label) || keys.has(wideKey(label));
}

function patternOf(use: LabelUse, written: string): LabelPattern {
  const { field } = use;
  if (use.kind === 'equal') return { field, isPlain: true, only: written, keys: new Set([written]) };
  const parts = new Set(written.split('|'));
  const keys = new Set([...parts].filter((part) => part === wideKey(part) || !parts.has(wideKey(part))));
  const [first] = keys;
  const isOne = keys.size === 1 && first !== ANY && first !== ANY_OF_GATE;
  return { field, isPlain: false, only: isOne ? first : undefined, keys };
}
