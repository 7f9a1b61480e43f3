/** The label patterns of a rule as one thing: rules that name the same labels share it. */
import { GATE_PREFIX } from '../functions/label-match.ts';
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

/** The class of one pattern for each of `uses`. */
export function labelClass(id: number, uses: readonly LabelUse[], values: readonly string[]): LabelClass {
  return { id, patterns: uses.map((use) => patternOf(use, values[use.column] ?? '')) };
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
