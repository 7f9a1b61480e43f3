/** Invites whoever has the link to a role, until the invitation ends. */
import { randomBytes } from 'node:crypto';
import { hashSecret, mintSecret } from '../../authenticate/secrets.ts';
import { serverName } from '../../core/names.ts';
import type { InvitationRecord } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { assertGivesRules } from '../own-rights.ts';
import type { Written } from '../policy-writer.ts';
import { requireFuture, requireRole } from '../require.ts';
import { lendRole } from '../lent-roles/lend-role.ts';
import { roleOfInvitation } from '../lent-roles/lent-role.ts';
import { invitationView } from './invitation-view.ts';

export interface NewInvitation {
  readonly role: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** How many may accept; everybody who has the link when left out. */
  readonly uses?: number | undefined;
  /** Pattern the role is narrowed to. */
  readonly path?: string | undefined;
  /** `*`, any server, when left out. */
  readonly server?: string | undefined;
}

export interface CreatedInvitation {
  /** Goes into the link; shown this once and kept only as a hash. */
  readonly code: string;
  readonly invitation: InvitationRecord;
}

/**
 * The invitation has a role of its own, which holds the role invited to, or its rules narrowed to the path: taking this
 * one away takes nothing else. Throws `ROLE_UNKNOWN`, `NAME_INVALID`, `INPUT_INVALID` or `BEYOND_OWN_RIGHTS`.
 */
export async function createInvitation(
  management: Management,
  actor: Actor,
  input: NewInvitation,
): Promise<Written<CreatedInvitation>> {
  const { expiresAt } = input;
  const createdAt = management.clock.now();
  requireFuture('expires_at', expiresAt, createdAt);
  const code = mintSecret();
  const id = randomBytes(6).toString('hex');
  return management.writer.change(actor, { what: 'invitation.create', target: id }, async (tx) => {
    const invitation: InvitationRecord = {
      id,
      hash: hashSecret(code),
      role: await requireRole(tx, input.role),
      path: input.path ?? '',
      server: serverName(input.server ?? '*'),
      grantedRole: roleOfInvitation(id),
      maxUses: input.uses ?? null,
      uses: 0,
      createdAt,
      createdBy: actor.subject,
      expiresAt,
      revokedAt: null,
      endedAt: null,
    };
    const { role, path } = invitation;
    const description = `Invitation to ${role}${path === '' ? '' : ` in ${path}`}`;
    const rules = await lendRole(tx, { ...invitation, description }, { by: actor.subject, at: createdAt });
    // The writer compares rules without an end of their own; accepting would be refused where the maker's ends sooner.
    assertGivesRules(management, actor, { rules, server: invitation.server, until: expiresAt });
    await tx.invitations.insert(invitation);
    return { result: { code, invitation }, changed: true, after: invitationView(invitation, []) };
  });
}
