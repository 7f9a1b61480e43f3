/** Tables of the instance itself: counters, small values, owned objects and personal documents. */
import { EntitySchema } from 'typeorm';
import type { ObjectRecord, DocumentKind } from '../../core/objects.ts';
import { key, optionalText, text, whole } from './columns.ts';

export interface CounterRow {
  readonly name: string;
  readonly value: number;
}
export interface ValueRow {
  readonly key: string;
  readonly value: string;
}
export interface ChannelSessionRow {
  readonly server: string;
  readonly kernel: string;
  readonly sessionId: string;
  readonly subject: string;
  readonly usedAt: number;
}
export interface DocumentRow {
  readonly subject: string;
  readonly kind: DocumentKind;
  readonly name: string;
  readonly body: string;
  readonly updatedAt: number;
}

export const counterEntity = new EntitySchema<CounterRow>({
  name: 'Counter',
  tableName: 'gate_counters',
  columns: { name: key('name'), value: whole('value') },
});

export const valueEntity = new EntitySchema<ValueRow>({
  name: 'Value',
  tableName: 'gate_values',
  columns: { key: key('key'), value: text('value') },
});

export const objectEntity = new EntitySchema<ObjectRecord>({
  name: 'Object',
  tableName: 'gate_objects',
  columns: {
    server: key('server'),
    kind: key('kind'),
    id: key('id'),
    owner: text('owner'),
    path: text('path'),
    origin: text('origin'),
    kernelId: optionalText('kernel_id'),
    createdAt: whole('created_at'),
  },
});

export const channelSessionEntity = new EntitySchema<ChannelSessionRow>({
  name: 'ChannelSession',
  tableName: 'gate_channel_sessions',
  columns: {
    server: key('server'),
    kernel: key('kernel'),
    sessionId: key('session_id'),
    subject: text('subject'),
    usedAt: whole('used_at'),
  },
});

export const documentEntity = new EntitySchema<DocumentRow>({
  name: 'Document',
  tableName: 'gate_documents',
  columns: {
    subject: key('subject'),
    kind: key('kind'),
    name: key('name'),
    body: text('body'),
    updatedAt: whole('updated_at'),
  },
});
