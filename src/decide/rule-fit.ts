/** Which parts of a rule fit a question, for people and for a first choice. Decisions are the engine's. */
import { labelMatch } from './functions/label-match.ts';
import { pathMatch } from './functions/path-match.ts';
import type { RuleRecord } from '../core/policy.ts';
import type { Question } from '../core/question.ts';
import type { ModelColumn } from './model-shape.ts';
import type { ParsedModel } from './parse-model.ts';

export interface RuleFit {
  readonly res: boolean;
  readonly act: boolean;
  readonly path: boolean;
}

/** A part that the model reads in a way of its own counts as fitting. */
export function ruleFit({ fields }: RuleRecord, question: Question, model: ParsedModel): RuleFit {
  const value = (field: string): string | undefined => {
    const column = model.columns.find((candidate) => candidate.field === field);
    return column === undefined || !isUsual(column) ? undefined : (fields[field] ?? column.defaultValue);
  };
  const [res, act, path] = [value('res'), value('act'), value('path')];
  return {
    res: res === undefined || labelMatch(question.res, res),
    act: act === undefined || labelMatch(question.act, act),
    path: path === undefined || pathMatch(question.path, path, question.sub),
  };
}

function isUsual({ field, patterns }: ModelColumn): boolean {
  const name = field === 'path' ? 'pathMatch' : 'labelMatch';
  return patterns.length > 0 && patterns.every((use) => use.name === name);
}
