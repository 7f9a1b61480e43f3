/** The table of what was asked and answered. */
import { EntitySchema } from 'typeorm';
import type { DecisionEntry } from '../../core/entry.ts';
import { generatedId, json, text, whole } from './columns.ts';

/** A decision as stored. */
export interface DecisionRow extends Omit<DecisionEntry, 'code'> {
  /** Keeps the order of entries of one millisecond. */
  readonly seq: number;
  readonly code: string;
}

export const decisionEntity = new EntitySchema<DecisionRow>({
  name: 'Decision',
  tableName: 'gate_decisions',
  columns: {
    seq: generatedId('seq'),
    id: text('id'),
    at: whole('at'),
    subject: text('subject'),
    credential: text('credential'),
    address: text('address'),
    method: text('method'),
    route: text('route'),
    res: text('res'),
    act: text('act'),
    path: text('path'),
    own: text('own'),
    also: json('also'),
    code: text('code'),
    rules: json('rules'),
    revision: whole('revision'),
    status: { name: 'status', type: 'integer' },
    bytes: whole('bytes'),
    durationMs: { name: 'duration_ms', type: 'double precision' },
  },
});
