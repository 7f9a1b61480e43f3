/** What follows from a checked matcher: what each column of `p` is for, and how rules can be narrowed to an asker. */
import { conjunctsOf, partsOf, valuesOf } from './expression.ts';
import { findFunction } from './functions/functions.ts';
import type { PolicyColumn, RequestToken } from './columns.ts';
import type { Effect } from './effects.ts';
import type { Test, Value } from './expression.ts';
import type { Parameter } from './functions/functions.ts';

/** A column of `p` with what the model does with it. */
export interface ModelColumn extends PolicyColumn {
  /** Whether its value can change an answer. */
  readonly isUsed: boolean;
  /** Whether it stands in `eval(p.…)`. */
  readonly holdsCondition: boolean;
  readonly namesSubject: boolean;
  /** The functions of the matcher that take it as their pattern. */
  readonly patterns: readonly PatternUse[];
}

export interface PatternUse {
  readonly name: string;
  readonly parameter: Parameter;
}

/** How a matcher ties a rule to an asker at its top: by role or by equal names. */
export interface SubjectTie {
  /** Position of the column of `p` that names the subject. */
  readonly column: number;
  /** `g`: the asker's roles count; `equal`: only the asker's own name. */
  readonly kind: 'g' | 'equal';
}

/** The parts of a model that are known once its matcher was read. */
export interface Shape {
  readonly columns: readonly ModelColumn[];
  /**
   * The conjunct `g(r.sub, p.sub, r.srv)` or `r.sub == p.sub`. With it, only rules of the asker's roles can match, so an
   * answer from those alone is the answer from all.
   */
  readonly tie: SubjectTie | undefined;
  /** That conjunct itself. */
  readonly tieTest: Test | undefined;
  /** Whether the matcher looks at rules at all. */
  readonly mentionsPolicy: boolean;
}

interface Parts {
  readonly request: readonly RequestToken[];
  readonly columns: readonly PolicyColumn[];
  readonly effect: Effect;
  readonly matcher: Test;
}

/** Works out what the columns are for. */
export function shapeOf(parts: Parts): Shape {
  const { matcher, effect } = parts;
  const conditions = new Set(partsOf(matcher).flatMap((part) => (part.kind === 'eval' ? [part.column] : [])));
  const named = new Set(valuesOf(matcher).flatMap((value) => (value.kind === 'policy' ? [value.name] : [])));
  const tied = subjectTie(parts);
  const columns = parts.columns.map((column, index) => ({
    ...column,
    isUsed: isUsed(column, effect, named.has(column.name) || conditions.has(column.name)),
    holdsCondition: conditions.has(column.name),
    namesSubject: column.field === 'sub' || tied?.tie.column === index,
    patterns: patternUses(matcher, column.name),
  }));
  return { columns, tie: tied?.tie, tieTest: tied?.test, mentionsPolicy: named.size + conditions.size > 0 };
}

/** Whether a value stands for `field` of the question. */
export function isField(request: readonly RequestToken[], value: Value | undefined, field: string): boolean {
  return value?.kind === 'request' && request.find((token) => token.name === value.name)?.field === field;
}

/** Whether `test` rests on the request's time. */
export function mentionsTime(request: readonly RequestToken[], test: Test): boolean {
  return valuesOf(test).some((value) => isField(request, value, 'time'));
}

/** Whether `test` rests on the kernel message: its type, or whether its code is a saved cell. */
export function mentionsMessage(request: readonly RequestToken[], test: Test): boolean {
  return valuesOf(test).some((value) => isField(request, value, 'msg') || isField(request, value, 'cell'));
}

function isUsed(column: PolicyColumn, effect: Effect, isNamed: boolean): boolean {
  if (column.field === 'eft') return effect !== 'allow-override';
  return isNamed || (column.field === 'priority' && effect === 'priority');
}

function patternUses(matcher: Test, column: string): PatternUse[] {
  return partsOf(matcher).flatMap((part) => {
    if (part.kind !== 'call') return [];
    const parameters = findFunction(part.name)?.parameters ?? [];
    return part.values.flatMap((value, index) => {
      const parameter = parameters[index];
      const isUse = value.kind === 'policy' && value.name === column && parameter?.kind === 'pattern';
      return isUse ? [{ name: part.name, parameter }] : [];
    });
  });
}

function subjectTie({
  request,
  columns,
  matcher,
}: Parts): { readonly tie: SubjectTie; readonly test: Test } | undefined {
  const indexOf = (name: string) => columns.findIndex((column) => column.name === name);
  for (const part of conjunctsOf(matcher)) {
    if (part.kind === 'call' && part.name === 'g') {
      const [asker, rule, server] = part.values;
      const fits =
        isField(request, asker, 'sub') && (server === undefined || isField(request, server, 'srv'));
      if (fits && rule?.kind === 'policy')
        return { tie: { column: indexOf(rule.name), kind: 'g' }, test: part };
    }
    if (part.kind === 'compare' && part.operator === '==') {
      const [asker, rule] = isField(request, part.left, 'sub')
        ? [part.left, part.right]
        : [part.right, part.left];
      if (isField(request, asker, 'sub') && rule.kind === 'policy')
        return { tie: { column: indexOf(rule.name), kind: 'equal' }, test: part };
    }
  }
  return undefined;
}
