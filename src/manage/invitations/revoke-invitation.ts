/** Withdraws an invitation: what it gave ends at once, and the people it let in are kept out. */
import { AppError } from '../../core/errors.ts';
import type { InvitationRecord, Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { invitationView } from './invitation-view.ts';

/** Accounts that were there before keep everything else. A second call changes nothing. Throws `INVITATION_UNKNOWN` or `LAST_ADMIN`. */
export async function revokeInvitation(
  management: Management,
  actor: Actor,
  id: string,
): Promise<Written<InvitationRecord>> {
  return management.writer.change(actor, { what: 'invitation.revoke', target: id }, async (tx) => {
    const invitation = await tx.invitations.find(id);
    if (invitation === undefined) throw new AppError('INVITATION_UNKNOWN', { detail: `received \`${id}\`` });
    if (invitation.revokedAt !== null) return { result: invitation, changed: false };
    const acceptances = await tx.invitations.acceptances(id);
    const { grantedRole } = invitation;
    await tx.grants.removeAll({ role: grantedRole });
    await tx.grants.removeAll({ subject: grantedRole });
    await tx.rules.removeAll({ sub: grantedRole });
    await tx.roles.remove(grantedRole);
    for (const { user, createdUser } of acceptances) if (createdUser) await disable(tx, user);
    const revokedAt = management.clock.now();
    await tx.invitations.update(id, { revokedAt });
    const after = { ...invitation, revokedAt };
    return {
      result: after,
      changed: true,
      before: invitationView(invitation, acceptances),
      after: invitationView(after, acceptances),
    };
  });
}

async function disable(tx: Repositories, name: string): Promise<void> {
  const user = await tx.users.find(name);
  if (user === undefined || user.removedAt !== null) return;
  await tx.users.update(name, { active: false });
  await tx.sessions.removeAll(name);
  await tx.links.removeAll(name);
  await tx.state.bumpCredentials();
}
