/** An invitation as it is shown outside and in the audit: never its code or the hash of it. */
import type { AcceptanceRecord, InvitationRecord } from '../../store/store.ts';
import { instant } from '../views.ts';

export function invitationView(invitation: InvitationRecord, acceptances: readonly AcceptanceRecord[]) {
  return {
    id: invitation.id,
    role: invitation.role,
    path: invitation.path === '' ? null : invitation.path,
    server: invitation.server,
    granted_role: invitation.grantedRole,
    uses: invitation.maxUses,
    used: invitation.uses,
    users: acceptances.map(({ user }) => user),
    created_at: instant(invitation.createdAt),
    created_by: invitation.createdBy,
    expires_at: instant(invitation.expiresAt),
    revoked_at: instant(invitation.revokedAt),
  };
}
export type InvitationView = ReturnType<typeof invitationView>;
