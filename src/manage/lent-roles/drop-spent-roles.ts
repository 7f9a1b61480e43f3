/** Tidies up after invitations and requests whose time is over: the role made for each is held by nobody any more. */
import type { Repositories } from '../../store/store.ts';
import { invitationOfRole, isLent } from './lent-role.ts';

/** Of `roles`, takes away those that were lent and are spent. A role that somebody still holds stays. */
export async function dropSpentRoles(tx: Repositories, roles: Iterable<string>): Promise<void> {
  for (const role of new Set(roles)) {
    if (!isLent(role) || !(await isSpent(tx, role))) continue;
    await tx.rules.removeAll({ sub: role });
    await tx.grants.removeAll({ subject: role });
    await tx.roles.remove(role);
  }
}

/** Somebody may still accept an invitation that nobody holds the role of. */
async function isSpent(tx: Repositories, role: string): Promise<boolean> {
  if ((await tx.grants.list({ role }, { limit: 1 })).length > 0) return false;
  const id = invitationOfRole(role);
  if (id === undefined) return true;
  const invitation = await tx.invitations.find(id);
  return invitation === undefined || invitation.endedAt !== null;
}
