/** A rule in the form Casbin evaluates, and what decide has to know about it besides. */
import { isHeldFurther } from './implicit-role.ts';
import { ruleValues } from './check-rule.ts';
import type { RuleRecord } from '../core/policy.ts';
import type { ConditionReader } from './read-condition.ts';
import type { Numbering } from './numbering.ts';
import type { ParsedModel } from './parse-model.ts';

export interface PolicyRow {
  readonly rule: RuleRecord;
  /** Its place in Casbin's order: what is smaller comes first. */
  readonly at: number;
  /** Values in the order of the model's columns, conditions in canonical text. Casbin hands this very array back. */
  readonly values: readonly string[];
  readonly subject: string;
  /** The number of the subject among what may be held; -1 for people, whom nobody holds. */
  readonly role: number;
  readonly isDeny: boolean;
  /** Whether one of its conditions names `'?'`, the owner nobody recorded. */
  readonly namesUnknownOwner: boolean;
  readonly mentionsTime: boolean;
  readonly mentionsMessage: boolean;
}

export interface RowParts {
  readonly model: ParsedModel;
  readonly readCondition: ConditionReader;
  readonly numbers: Numbering;
}

/** The row of a rule that was checked under `model`, in the order in which rules were written. */
export function policyRow(rule: RuleRecord, { model, readCondition, numbers }: RowParts): PolicyRow {
  const values = ruleValues(rule.fields, model);
  let namesUnknownOwner = false;
  let mentionsTime = false;
  let mentionsMessage = false;
  let isDeny = false;
  for (const [index, column] of model.columns.entries()) {
    if (column.field === 'eft') isDeny = values[index] === 'deny';
    if (!column.holdsCondition) continue;
    const condition = readCondition(values[index] ?? '');
    if (condition.expression === undefined) continue;
    values[index] = condition.expression.text;
    namesUnknownOwner ||= condition.namesUnknownOwner;
    mentionsTime ||= condition.mentionsTime;
    mentionsMessage ||= condition.mentionsMessage;
  }
  const subject = values[subjectColumn(model)] ?? '';
  return {
    rule,
    at: rule.id,
    values,
    subject,
    role: isHeldFurther(subject) ? numbers.of(subject) : (numbers.known(subject) ?? -1),
    isDeny,
    namesUnknownOwner,
    mentionsTime,
    mentionsMessage,
  };
}

function subjectColumn(model: ParsedModel): number {
  return model.tie?.column ?? model.columns.findIndex((column) => column.field === 'sub');
}
