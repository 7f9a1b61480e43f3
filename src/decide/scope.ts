/** What a matcher or condition may name, and the reader that collects what it may not. */
import type { PolicyColumn, RequestToken } from './columns.ts';
import type { Value } from './expression.ts';

/** What an expression may name. */
export interface Scope {
  readonly kind: 'matcher' | 'condition';
  readonly request: readonly RequestToken[];
  /** Columns of `p`; a condition may not name them. */
  readonly columns: readonly PolicyColumn[];
  /** Number of arguments of `g`, 0 when the model has no roles. */
  readonly roleArity: number;
}

/** Passed along while an expression is read. */
export interface Reader {
  readonly scope: Scope;
  readonly problems: string[];
}

/** Notes what is not allowed; nothing was read. */
export function refuse(reader: Reader, message: string): undefined {
  reader.problems.push(message);
  return undefined;
}

/** Field of the question that `value` stands for. */
export function fieldOf(scope: Scope, value: Value): string | undefined {
  return value.kind === 'request'
    ? scope.request.find((token) => token.name === value.name)?.field
    : undefined;
}

/** Whether `value` is the request's time. */
export function isTime(scope: Scope, value: Value): boolean {
  return fieldOf(scope, value) === 'time';
}
