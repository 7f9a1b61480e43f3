/** Adds one rule: one Casbin `p` line, by field name. */
import { columnField, storedFields } from '../../decide/columns.ts';
import { AppError } from '../../core/errors.ts';
import type { FieldProblem } from '../../core/errors.ts';
import { isRole, ROLE_PREFIX, subjectName } from '../../core/names.ts';
import type { RuleRecord } from '../../core/policy.ts';
import type { Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { requireSubject } from '../require.ts';
import { ruleView } from '../views.ts';
import { policyFields } from './policy-fields.ts';

export type RuleFields = Readonly<Record<string, string>>;

/**
 * Throws `RULE_EXISTS`, `INPUT_INVALID` (a field the model does not have), `USER_UNKNOWN`, `ROLE_UNKNOWN`,
 * `CONDITION_INVALID`, `MODEL_INVALID` or `BEYOND_OWN_RIGHTS`.
 */
export async function addRule(management: Management, actor: Actor, fields: RuleFields): Promise<Written<RuleRecord>> {
  const note = { what: 'rule.add', target: fields['sub'] ?? '' };
  return management.writer.change(actor, note, async (tx) => {
    await refuseUnknownFields(tx, fields);
    const stored = await withKnownSubject(tx, Object.fromEntries(storedFields(fields)));
    const existing = await tx.rules.findExact(stored);
    if (existing !== undefined) throw new AppError('RULE_EXISTS', { detail: `it is rule \`${existing.id}\`` });
    const made = { preset: null, createdAt: management.clock.now(), createdBy: actor.subject };
    const rule = await tx.rules.insert({ fields: stored, ...made });
    return { result: rule, changed: true, target: String(rule.id), after: ruleView(rule) };
  });
}

async function refuseUnknownFields(tx: Repositories, fields: RuleFields): Promise<void> {
  const model = await tx.models.current();
  const known = model === undefined ? [] : policyFields(model.text);
  const problems: FieldProblem[] = Object.keys(fields)
    .filter((field) => !known.map(columnField).includes(columnField(field)))
    .map((field) => ({ at: `fields.${field}`, message: `expected one of the model's fields (${known.join(', ')})` }));
  if (problems.length > 0) throw new AppError('INPUT_INVALID', { problems });
}

/**
 * The fields with `sub` in its stored form. A plain name or role must exist, as a slip in it would make a rule that
 * never matches; anything that cannot be a name (`*`, a pattern) is the model's affair.
 */
async function withKnownSubject(tx: Repositories, fields: RuleFields): Promise<RuleFields> {
  const { sub } = fields;
  if (sub === undefined || !(isRole(sub) || isPlainName(sub))) return fields;
  return { ...fields, sub: await requireSubject(tx, sub) };
}

function isPlainName(text: string): boolean {
  if (text.startsWith(ROLE_PREFIX)) return false;
  try {
    subjectName(text);
    return true;
  } catch {
    return false;
  }
}
