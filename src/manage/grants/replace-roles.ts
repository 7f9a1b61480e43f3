/** Gives a subject exactly these roles, in one revision. */
import { serverName } from '../../core/names.ts';
import type { GrantRecord } from '../../core/policy.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { requireFuture, requireRole, requireSubject } from '../require.ts';
import { grantView } from '../views.ts';
import { putGrant } from './grant-role.ts';
import type { GrantTimes } from './grant-role.ts';
import { listGrantsOf } from './list-grants.ts';

export interface WantedRole extends GrantTimes {
  readonly role: string;
  readonly server?: string | undefined;
}

/**
 * Roles that stay keep their ends unless others are named; roles not listed are taken away. Answers the grants as
 * they are then. Throws as `grantRole` and `ungrantRole`.
 */
export async function replaceRoles(
  management: Management,
  actor: Actor,
  input: { readonly subject: string; readonly roles: readonly WantedRole[] },
): Promise<Written<readonly GrantRecord[]>> {
  const at = management.clock.now();
  for (const [index, wanted] of input.roles.entries())
    requireFuture(`roles.${index}.expires_at`, wanted.expiresAt, at);
  return management.writer.change(actor, { what: 'grant.replace', target: input.subject }, async (tx) => {
    const subject = await requireSubject(tx, input.subject);
    const before = await listGrantsOf(tx, subject);
    const kept = new Set<string>();
    let changed = false;
    for (const wanted of input.roles) {
      kept.add(`${serverName(wanted.server ?? '*')} ${await requireRole(tx, wanted.role)}`);
      const put = await putGrant(tx, { ...wanted, subject }, { by: actor.subject, at });
      changed ||= put.changed;
    }
    for (const grant of before) {
      if (kept.has(`${grant.server} ${grant.role}`)) continue;
      await tx.grants.remove(grant.id);
      changed = true;
    }
    const after = await listGrantsOf(tx, subject);
    return {
      result: after,
      changed,
      target: subject,
      before: before.map(grantView),
      after: after.map(grantView),
    };
  });
}
