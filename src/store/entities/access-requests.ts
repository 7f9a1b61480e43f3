/** Table of what people asked for after a refusal. */
import { EntitySchema } from 'typeorm';
import type { AccessRequestRecord } from '../access-requests.ts';
import { generatedId, optionalWhole, text, whole } from './columns.ts';

export const accessRequestEntity = new EntitySchema<AccessRequestRecord>({
  name: 'AccessRequest',
  tableName: 'gate_access_requests',
  columns: {
    id: generatedId('id'),
    subject: text('subject'),
    server: text('server'),
    res: text('res'),
    act: text('act'),
    path: text('path'),
    address: text('address'),
    role: text('role'),
    reason: text('reason'),
    status: text('status'),
    createdAt: whole('created_at'),
    decidedAt: optionalWhole('decided_at'),
    decidedBy: text('decided_by'),
    note: text('note'),
    grantedRole: text('granted_role'),
    expiresAt: optionalWhole('expires_at'),
  },
});
