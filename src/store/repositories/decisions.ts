/** The decision log: written in batches, read newest first, cut off at its old end. */
import { LessThan } from 'typeorm';
import type { DecisionEntry } from '../../core/entry.ts';
import { decisionEntity, type DecisionRow } from '../entities/records.ts';
import type { Session } from '../session.ts';
import type { Decisions } from '../store.ts';
import { insertRows } from './insert-rows.ts';
import { given } from './page.ts';

export function createDecisions(session: Session): Decisions {
  return {
    append: (entries) => insertRows(session, decisionEntity, entries),
    async list(filter, limit) {
      const rows = await session.read((manager) =>
        manager.find(decisionEntity, {
          where: given(filter),
          order: { at: 'DESC', seq: 'DESC' },
          take: limit,
        }),
      );
      return rows.map(withoutSequence);
    },
    async removeBefore(at) {
      await session.write((manager) => manager.delete(decisionEntity, { at: LessThan(at) }));
    },
  };
}

function withoutSequence(row: DecisionRow): DecisionEntry {
  const { seq: _seq, ...entry } = row;
  return entry as DecisionEntry;
}
