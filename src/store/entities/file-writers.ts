/** Table of who wrote which file. */
import { EntitySchema } from 'typeorm';
import { key, text, whole } from './columns.ts';

export interface WriterRow {
  readonly id: string;
  readonly server: string;
  /** A path; with a slash at its end all that is at or below it; with two the checkpoints of the file; with three the former writers. */
  readonly path: string;
  readonly subject: string;
  /** Ticks: of two writes the later began or ended has the higher one. */
  readonly begun: number;
  readonly ended: number;
  /** Whether the whole file was saved, so that nothing older is left of it. */
  readonly saved: boolean;
}

export const writerEntity = new EntitySchema<WriterRow>({
  name: 'Writer',
  tableName: 'gate_writers',
  columns: {
    id: key('id'),
    server: text('server'),
    path: text('path'),
    subject: text('subject'),
    begun: whole('begun'),
    ended: whole('ended'),
    saved: { name: 'saved', type: 'boolean' },
  },
});
