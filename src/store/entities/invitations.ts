/** Tables of invitations and of who accepted them. */
import { EntitySchema } from 'typeorm';
import type { AcceptanceRecord, InvitationRecord } from '../store.ts';
import { key, optionalWhole, text, whole } from './columns.ts';

export const invitationEntity = new EntitySchema<InvitationRecord>({
  name: 'Invitation',
  tableName: 'gate_invitations',
  columns: {
    id: key('id'),
    hash: text('hash'),
    role: text('role'),
    path: text('path'),
    server: text('server'),
    grantedRole: text('granted_role'),
    maxUses: optionalWhole('max_uses'),
    uses: whole('uses'),
    createdAt: whole('created_at'),
    createdBy: text('created_by'),
    expiresAt: whole('expires_at'),
    revokedAt: optionalWhole('revoked_at'),
    endedAt: optionalWhole('ended_at'),
  },
});

export const acceptanceEntity = new EntitySchema<AcceptanceRecord>({
  name: 'Acceptance',
  tableName: 'gate_acceptances',
  columns: {
    invitation: key('invitation'),
    user: key('user_name'),
    createdUser: { name: 'created_user', type: 'boolean' },
    acceptedAt: whole('accepted_at'),
  },
});
