/** Removes a role with its rules and with every grant of it and to it. */
import type { RoleRecord } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { roleView, ruleView } from '../views.ts';
import { showRole } from './show-role.ts';

/** Throws `NAME_INVALID`, `ROLE_UNKNOWN`, `LAST_ADMIN` or `BEYOND_OWN_RIGHTS`. */
export async function removeRole(
  management: Management,
  actor: Actor,
  input: string,
): Promise<Written<RoleRecord>> {
  return management.writer.change(actor, { what: 'role.remove', target: input }, async (tx) => {
    const { role, rules } = await showRole(tx, input);
    await tx.grants.removeAll({ role: role.name });
    await tx.grants.removeAll({ subject: role.name });
    await tx.rules.removeAll({ sub: role.name });
    await tx.roles.remove(role.name);
    const before = { ...roleView(role), rules: rules.map(ruleView) };
    return { result: role, changed: true, target: role.name, before };
  });
}
