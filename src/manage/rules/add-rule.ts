/** Adds one rule: one Casbin `p` line, by field name. */
import { AppError } from '../../core/errors.ts';
import { ANONYMOUS } from '../../core/identity.ts';
import type { RuleRecord } from '../../core/policy.ts';
import { checkRule } from '../../decide/check-rule.ts';
import { parseModel } from '../../decide/parse-model.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { showModel } from '../model/show-model.ts';
import type { Written } from '../policy-writer.ts';
import { requireSubject } from '../require.ts';
import { ruleView } from '../views.ts';

export type RuleFields = Readonly<Record<string, string>>;

/**
 * Throws `RULE_EXISTS`, `INPUT_INVALID` (a field the model does not have, a value it cannot have), `CONDITION_INVALID`,
 * `USER_UNKNOWN`, `ROLE_UNKNOWN` or `BEYOND_OWN_RIGHTS`.
 */
export async function addRule(
  management: Management,
  actor: Actor,
  fields: RuleFields,
): Promise<Written<RuleRecord>> {
  const note = { what: 'rule.add', target: fields['sub'] ?? '' };
  return management.writer.change(actor, note, async (tx) => {
    const { text } = await showModel(tx);
    const stored = checkRule(fields, parseModel(text));
    const { sub = ANONYMOUS } = stored;
    // A slip in the name would make a rule that never matches.
    await requireSubject(tx, sub);
    const existing = await tx.rules.findExact(stored);
    if (existing !== undefined)
      throw new AppError('RULE_EXISTS', { detail: `it is rule \`${existing.id}\`` });
    const made = { preset: null, createdAt: management.clock.now(), createdBy: actor.subject };
    const rule = await tx.rules.insert({ fields: stored, ...made });
    return { result: rule, changed: true, target: String(rule.id), after: ruleView(rule) };
  });
}
