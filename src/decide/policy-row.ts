/** A rule in the form Casbin evaluates, and what decide has to know about it besides. */
import { UNKNOWN_OWNER } from '../core/question.ts';
import { ruleValues } from './check-rule.ts';
import { valuesOf } from './expression.ts';
import { mentionsMessage, mentionsTime } from './model-shape.ts';
import type { RuleRecord } from '../core/policy.ts';
import type { ConditionReader } from './read-condition.ts';
import type { ParsedModel } from './parse-model.ts';

export interface PolicyRow {
  readonly rule: RuleRecord;
  /** Values in the order of the model's columns, conditions in canonical text. Casbin hands this very array back. */
  readonly values: readonly string[];
  readonly subject: string;
  readonly isDeny: boolean;
  /** Whether one of its conditions names `'?'`, the owner nobody recorded. */
  readonly namesUnknownOwner: boolean;
  readonly mentionsTime: boolean;
  readonly mentionsMessage: boolean;
}

/** The row of a rule that was checked under `model`. */
export function policyRow(rule: RuleRecord, model: ParsedModel, readCondition: ConditionReader): PolicyRow {
  const written = ruleValues(rule.fields, model);
  const conditions = model.columns.flatMap((column, index) => {
    const expression = column.holdsCondition ? readCondition(written[index] ?? '').expression : undefined;
    return expression === undefined ? [] : [{ index, expression }];
  });
  const values = written.map(
    (value, index) => conditions.find((entry) => entry.index === index)?.expression.text ?? value,
  );
  const literals = conditions.flatMap(({ expression }) => valuesOf(expression.test));
  return {
    rule,
    values,
    subject: values[subjectColumn(model)] ?? '',
    isDeny: values[model.columns.findIndex((column) => column.field === 'eft')] === 'deny',
    namesUnknownOwner: literals.some((value) => value.kind === 'literal' && value.value === UNKNOWN_OWNER),
    mentionsTime: conditions.some(({ expression }) => mentionsTime(model.request, expression.test)),
    mentionsMessage: conditions.some(({ expression }) => mentionsMessage(model.request, expression.test)),
  };
}

function subjectColumn(model: ParsedModel): number {
  return model.tie?.column ?? model.columns.findIndex((column) => column.field === 'sub');
}
