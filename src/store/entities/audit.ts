/** Tables of the audit: entries, the end of their chain, and the signed checkpoints. */
import { EntitySchema } from 'typeorm';
import type { AuditRecord } from '../../core/audit-entry.ts';
import type { AuditHead, CheckpointRow } from '../store.ts';
import { canonical, text, whole, wholeKey } from './columns.ts';

/** The one row of the head's table. */
export const HEAD_ID = 1;

export const auditEntity = new EntitySchema<AuditRecord>({
  name: 'Audit',
  tableName: 'gate_audit',
  columns: {
    seq: wholeKey('seq'),
    at: whole('at'),
    actor: text('actor'),
    address: text('address'),
    via: text('via'),
    what: text('what'),
    target: text('target'),
    before: canonical('before_json'),
    after: canonical('after_json'),
    revision: whole('revision'),
    previous: text('previous'),
    hash: text('hash'),
  },
});

export const auditHeadEntity = new EntitySchema<AuditHead & { readonly id: number }>({
  name: 'AuditHead',
  tableName: 'gate_audit_head',
  columns: { id: { name: 'id', type: 'integer', primary: true }, seq: whole('seq'), hash: text('hash') },
});

export const checkpointEntity = new EntitySchema<CheckpointRow>({
  name: 'Checkpoint',
  tableName: 'gate_audit_checkpoints',
  columns: { number: wholeKey('number'), seq: whole('seq'), at: whole('at'), line: text('line') },
});
