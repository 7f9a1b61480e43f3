/** What of a matcher becomes an index, what is left to evaluate, and which matchers are left to Casbin. */
import { conjunctsOf, partsOf } from '../expression.ts';
import type { Question } from '../../core/question.ts';
import type { Test, Value } from '../expression.ts';
import type { ParsedModel } from '../parse-model.ts';

/** A conjunct `r.x == p.y` (`equal`) or `labelMatch(r.x, p.y)`. */
export interface LabelUse {
  readonly kind: 'equal' | 'label';
  readonly field: keyof Question;
  readonly column: number;
}

/** The conjunct `pathMatch(r.x, p.y, r.sub)`. */
export interface PathUse {
  readonly field: keyof Question;
  readonly column: number;
}

/** The conjuncts of a matcher by what becomes of them; the one that ties rules to an asker is in none. */
export interface Plan {
  readonly labels: readonly LabelUse[];
  readonly path: PathUse | undefined;
  /** What is evaluated for a rule that the index found, in the order of the matcher. */
  readonly rest: readonly RestTest[];
  /** All but the tie, for rules that may fail before the index has had its say. */
  readonly whole: readonly Test[];
}

export interface RestTest {
  readonly test: Test;
  /** Whether a conjunct that became an index stands after it: Casbin evaluates this one first. */
  readonly isBeforeIndex: boolean;
}

/** Index dimensions beyond this many are evaluated instead. */
const MAX_LABELS = 6;

/** Why a model is evaluated by Casbin, or `undefined` when it is compiled. */
export function reasonForCasbin(model: ParsedModel): string | undefined {
  if (!model.mentionsPolicy) return 'the matcher names no column of `p`';
  const roles = partsOf(model.matcher.test).filter((part) => part.kind === 'call' && part.name === 'g');
  // Casbin remembers answers of `g` by its arguments joined with commas: with two columns in them these may be mixed up
  if (roles.length > 1) return 'the matcher calls `g` more than once';
  const [call] = roles;
  const columns = call?.kind === 'call' ? call.values.filter((value) => value.kind === 'policy').length : 0;
  return columns > 1 ? '`g` is called with more than one column of `p`' : undefined;
}

/** The plan for a model that is compiled. */
export function planOf(model: ParsedModel): Plan {
  const conjuncts = conjunctsOf(model.matcher.test).filter((test) => test !== model.tieTest);
  const labels: LabelUse[] = [];
  const rest: { readonly test: Test; readonly at: number }[] = [];
  let path: PathUse | undefined;
  let lastIndexed = -1;
  for (const [at, test] of conjuncts.entries()) {
    const label = labels.length < MAX_LABELS ? labelUse(test, model) : undefined;
    const pathHere = path === undefined ? pathUse(test, model) : undefined;
    if (label !== undefined) labels.push(label);
    else if (pathHere !== undefined) path = pathHere;
    else rest.push({ test, at });
    if (label !== undefined || pathHere !== undefined) lastIndexed = at;
  }
  return {
    labels,
    path,
    rest: rest.map(({ test, at }) => ({ test, isBeforeIndex: at < lastIndexed })),
    whole: conjuncts,
  };
}

function labelUse(test: Test, model: ParsedModel): LabelUse | undefined {
  if (test.kind === 'call' && test.name === 'labelMatch')
    return use(model, 'label', test.values[0], test.values[1]);
  if (test.kind !== 'compare' || test.operator !== '==') return undefined;
  return use(model, 'equal', test.left, test.right) ?? use(model, 'equal', test.right, test.left);
}

function use(
  model: ParsedModel,
  kind: LabelUse['kind'],
  asked: Value | undefined,
  named: Value | undefined,
): LabelUse | undefined {
  const field = fieldOf(model, asked);
  const column = columnOf(model, named);
  return field === undefined || column === -1 ? undefined : { kind, field, column };
}

function pathUse(test: Test, model: ParsedModel): PathUse | undefined {
  if (test.kind !== 'call' || test.name !== 'pathMatch') return undefined;
  const field = fieldOf(model, test.values[0]);
  const column = columnOf(model, test.values[1]);
  if (field === undefined || column === -1 || fieldOf(model, test.values[2]) !== 'sub') return undefined;
  return { field, column };
}

function fieldOf(model: ParsedModel, value: Value | undefined): keyof Question | undefined {
  if (value?.kind !== 'request') return undefined;
  return model.request.find((token) => token.name === value.name)?.field;
}

function columnOf(model: ParsedModel, value: Value | undefined): number {
  return value?.kind === 'policy' ? model.columns.findIndex((column) => column.name === value.name) : -1;
}
