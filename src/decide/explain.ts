/** Every rule of an asker with whether it matches a question and, if not, why not, in words for people. */
import { UNKNOWN_OWNER } from '../core/question.ts';
import { conjunctsOf } from './expression.ts';
import { explainFailure } from './evaluate.ts';
import { FUNCTIONS } from './functions/functions.ts';
import type { Question } from '../core/question.ts';
import type { ConsideredRule } from './decider.ts';
import type { Context } from './evaluate.ts';
import type { ConditionReader } from './read-condition.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';

export interface ExplainParts {
  readonly model: ParsedModel;
  readonly readCondition: ConditionReader;
  readonly holds: Context['holds'];
}

export interface Explained {
  readonly rows: readonly PolicyRow[];
  readonly narrowed: ReadonlySet<string> | undefined;
}

/** `rows` as they stand to `question`; `narrowed` are the subjects whose rules that allow count, if not all. */
export function explainRows(
  question: Question,
  { rows, narrowed }: Explained,
  parts: ExplainParts,
): ConsideredRule[] {
  const { model } = parts;
  const request = new Map(model.request.map((token) => [token.name, question[token.field]]));
  const conjuncts = conjunctsOf(model.matcher.test);
  return rows.map((row) => {
    const context: Context = {
      request,
      policy: policyValues(row, model),
      functions: FUNCTIONS,
      holds: parts.holds,
      condition: (text) => parts.readCondition(text).expression?.test,
    };
    const reasons = function* (): Generator<string> {
      for (const test of conjuncts) yield explainFailure(test, context);
      if (!row.isDeny && narrowed?.has(row.subject) === false) yield 'the token is narrowed to other roles';
      if (question.own === UNKNOWN_OWNER && !row.isDeny && !row.namesUnknownOwner) {
        yield "the owner is not known, and the condition does not name `'?'`";
      }
    };
    const why = firstOf(reasons());
    return { rule: row.rule, matched: why === '', why };
  });
}

function policyValues(row: PolicyRow, model: ParsedModel): ReadonlyMap<string, string> {
  return new Map(model.columns.map((column, index) => [column.name, row.values[index] ?? '']));
}

function firstOf(reasons: Iterable<string>): string {
  for (const reason of reasons) if (reason !== '') return reason;
  return '';
}
