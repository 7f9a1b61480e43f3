/** Takes a role away; in force when it answers. */
import { serverName } from '../../core/names.ts';
import type { GrantRecord } from '../../core/policy.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { readAll } from '../page.ts';
import type { Written } from '../policy-writer.ts';
import { requireRole, requireSubject } from '../require.ts';
import { grantView } from '../views.ts';
import { showGrant } from './list-grants.ts';

export interface Ungrant {
  readonly subject: string;
  readonly role: string;
  /** Left out: on every server it was given for. */
  readonly server?: string | undefined;
}

/** Idempotent. Answers the grants that ended. Throws `USER_UNKNOWN`, `ROLE_UNKNOWN`, `LAST_ADMIN` or `BEYOND_OWN_RIGHTS`. */
export async function ungrantRole(
  management: Management,
  actor: Actor,
  input: Ungrant,
): Promise<Written<readonly GrantRecord[]>> {
  const server = input.server === undefined ? undefined : serverName(input.server);
  const note = { what: 'grant.remove', target: `${input.subject} ${input.role}` };
  return management.writer.change(actor, note, async (tx) => {
    const subject = await requireSubject(tx, input.subject);
    const role = await requireRole(tx, input.role);
    const held = await readAll((page) => tx.grants.list({ subject, role }, page));
    const ending = held.filter((grant) => server === undefined || grant.server === server);
    for (const grant of ending) await tx.grants.remove(grant.id);
    const before = ending.map(grantView);
    return { result: ending, changed: ending.length > 0, target: `${subject} ${role}`, before };
  });
}

/** Ends one grant by its id. Throws `GRANT_UNKNOWN`, `LAST_ADMIN` or `BEYOND_OWN_RIGHTS`. */
export async function removeGrant(
  management: Management,
  actor: Actor,
  id: number,
): Promise<Written<GrantRecord>> {
  return management.writer.change(actor, { what: 'grant.remove', target: String(id) }, async (tx) => {
    const grant = await showGrant(tx, id);
    await tx.grants.remove(id);
    return {
      result: grant,
      changed: true,
      target: `${grant.subject} ${grant.role}`,
      before: grantView(grant),
    };
  });
}
