/** Names of request tokens and policy columns, and what a rule means that leaves a column out. */
import { QUESTION_FIELDS } from '../core/question.ts';
import type { Question } from '../core/question.ts';

/** A token of `r`: the name the model uses, and the field of the question it stands for. */
export interface RequestToken {
  readonly name: string;
  readonly field: keyof Question;
}

/** A column of `p`: the name the model uses, and the field name rules are stored under. */
export interface PolicyColumn {
  readonly name: string;
  readonly field: string;
  /** What a rule holds that does not name this column. */
  readonly defaultValue: string;
}

/** Value of a column in a rule that does not say; a column that is not listed is empty. */
const COLUMN_DEFAULTS: Readonly<Record<string, string>> = {
  srv: '*',
  path: '**',
  cond: 'true',
  eft: 'allow',
  own: '*',
  msg: '*',
  cell: '*',
  ip: '*',
  time: '*',
  priority: '100',
};

const FIELDS: ReadonlyMap<string, keyof Question> = new Map(Object.entries(QUESTION_FIELDS));

/** The field a name in `r` stands for, or `undefined`. */
export function requestField(name: string): keyof Question | undefined {
  return FIELDS.get(name);
}

/** The field name a column is stored under: `obj` and `res` are the same column. */
export function columnField(name: string): string {
  return requestField(name) ?? name;
}

/** What a rule means that does not name `field`. */
export function columnDefault(field: string): string {
  return (Object.hasOwn(COLUMN_DEFAULTS, field) ? COLUMN_DEFAULTS[field] : undefined) ?? '';
}

/** `fields` under the names rules are stored by; where two spellings of one field are given, the stored one counts. */
export function storedFields(fields: Readonly<Record<string, string>>): Map<string, string> {
  const stored = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    const field = columnField(name);
    if (!stored.has(field) || field === name) stored.set(field, value);
  }
  return stored;
}
