/** Reads the conditions of rules; equal texts are read once, as most rules share a few. */
import { UNKNOWN_OWNER } from '../core/question.ts';
import { checkExpression } from './check-expression.ts';
import { valuesOf } from './expression.ts';
import { mentionsMessage, mentionsTime } from './model-shape.ts';
import type { CheckedExpression } from './check-expression.ts';
import type { RequestToken } from './columns.ts';
import type { Value } from './expression.ts';

export interface ReadCondition {
  readonly expression?: CheckedExpression;
  /** Everything that is not allowed; empty when `expression` is there. */
  readonly problems: readonly string[];
  /** Whether it names `'?'`, the owner nobody recorded. */
  readonly namesUnknownOwner: boolean;
  readonly mentionsTime: boolean;
  readonly mentionsMessage: boolean;
}

export type ConditionReader = (text: string) => ReadCondition;

/** A reader for conditions over the request tokens of one model. */
export function createConditionReader(model: { readonly request: readonly RequestToken[] }): ConditionReader {
  const read = new Map<string, ReadCondition>();
  return (text) => {
    let condition = read.get(text);
    if (condition === undefined) {
      condition = readCondition(text, model.request);
      read.set(text, condition);
    }
    return condition;
  };
}

function readCondition(text: string, request: readonly RequestToken[]): ReadCondition {
  const checked = checkExpression(text, { kind: 'condition', request, columns: [], roleArity: 0 });
  const test = checked.expression?.test;
  const isUnknownOwner = (value: Value) => value.kind === 'literal' && value.value === UNKNOWN_OWNER;
  return {
    ...checked,
    namesUnknownOwner: test !== undefined && valuesOf(test).some(isUnknownOwner),
    mentionsTime: test !== undefined && mentionsTime(request, test),
    mentionsMessage: test !== undefined && mentionsMessage(request, test),
  };
}
