/** The decision log: written in batches, read newest first, cut off at its old end. */
import { In, LessThan } from 'typeorm';
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
    removeBefore: (at, limit) =>
      session.write(async (manager) => {
        const old = await manager.find(decisionEntity, {
          select: { seq: true },
          where: { at: LessThan(at) },
          order: { at: 'ASC', seq: 'ASC' },
          take: limit,
        });
        if (old.length > 0) await manager.delete(decisionEntity, { seq: In(old.map(({ seq }) => seq)) });
        return old.length;
      }),
  };
}

function withoutSequence(row: DecisionRow): DecisionEntry {
  const { seq: _seq, ...entry } = row;
  return entry as DecisionEntry;
}
