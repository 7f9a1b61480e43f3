/** Which rules count when it is asked whether something below a directory may be allowed. */
import { pathMatch } from './functions/path-match.ts';
import type { Question } from '../core/question.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';

/** Position of the column that holds a rule's path pattern, or -1. */
export function pathColumnOf(model: ParsedModel): number {
  return model.columns.findIndex((column) => column.patterns.some((use) => use.name === 'pathMatch'));
}

/** Rules that deny only count where they deny everything below the path. */
export function countsForLeads(row: PolicyRow, question: Question, model: ParsedModel): boolean {
  if (!row.isDeny) return true;
  const pattern = row.values[pathColumnOf(model)];
  return pattern === undefined || (pattern.endsWith('**') && pathMatch(question.path, pattern, question.sub));
}
