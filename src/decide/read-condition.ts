/** Reads the conditions of rules; equal texts are read once, as most rules share a few. */
import { checkExpression } from './check-expression.ts';
import type { CheckedExpression } from './check-expression.ts';
import type { RequestToken } from './columns.ts';

export interface ReadCondition {
  readonly expression?: CheckedExpression;
  /** Everything that is not allowed; empty when `expression` is there. */
  readonly problems: readonly string[];
}

export type ConditionReader = (text: string) => ReadCondition;

/** A reader for conditions over the request tokens of one model. */
export function createConditionReader(model: { readonly request: readonly RequestToken[] }): ConditionReader {
  const read = new Map<string, ReadCondition>();
  return (text) => {
    let condition = read.get(text);
    if (condition === undefined) {
      condition = checkExpression(text, {
        kind: 'condition',
        request: model.request,
        columns: [],
        roleArity: 0,
      });
      read.set(text, condition);
    }
    return condition;
  };
}
