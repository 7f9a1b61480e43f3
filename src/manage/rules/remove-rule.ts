/** Removes one rule. */
import type { RuleRecord } from '../../core/policy.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { ruleView } from '../views.ts';
import { showRule } from './list-rules.ts';

/** Throws `RULE_UNKNOWN`, `LAST_ADMIN`, or `BEYOND_OWN_RIGHTS` when it takes away a refusal of what the actor may not. */
export async function removeRule(
  management: Management,
  actor: Actor,
  id: number,
): Promise<Written<RuleRecord>> {
  return management.writer.change(actor, { what: 'rule.remove', target: String(id) }, async (tx) => {
    const rule = await showRule(tx, id);
    await tx.rules.remove(id);
    return { result: rule, changed: true, before: ruleView(rule) };
  });
}
