/** Records that invitations have ended by the clock, and takes their roles away. */
import type { InvitationRecord, Repositories } from '../../store/store.ts';
import { clockActor } from '../actor.ts';
import { dropSpentRoles } from '../lent-roles/drop-spent-roles.ts';
import type { Management } from '../management.ts';
import type { AuditedChange, Written } from '../policy-writer.ts';
import { invitationView } from './invitation-view.ts';

const SLICE = 100;

/**
 * One revision for all that are due, and an audit entry for each. The people they let in stay, without the role; a role
 * that somebody was given for longer stays as long. An invitation recorded as ended is over whatever the clock says.
 */
export async function endInvitations(management: Management): Promise<Written<readonly InvitationRecord[]>> {
  const note = { what: 'invitation.end', target: '' };
  return management.writer.change(clockActor, note, async (tx) => {
    const due = await tx.endings.invitations(management.clock.now(), SLICE);
    const changes: AuditedChange[] = [];
    for (const invitation of due) changes.push(await end(tx, invitation));
    const [first, ...also] = changes;
    return { result: due, changed: first !== undefined, ...first, also };
  });
}

async function end(tx: Repositories, invitation: InvitationRecord): Promise<AuditedChange> {
  const { id, grantedRole, expiresAt } = invitation;
  await tx.invitations.update(id, { endedAt: expiresAt });
  await dropSpentRoles(tx, [grantedRole]);
  const acceptances = await tx.invitations.acceptances(id);
  return { what: 'invitation.end', target: id, before: invitationView(invitation, acceptances) };
}
