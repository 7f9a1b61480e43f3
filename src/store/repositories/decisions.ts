/** The decision log: written in batches, read newest first, cut off at its old end. */
import { In, LessThan } from 'typeorm';
import { decisionEntity } from '../entities/records.ts';
import type { Session } from '../session.ts';
import type { DecisionRecord, Decisions } from '../store.ts';
import { insertRows } from './insert-rows.ts';
import { given } from './page.ts';

export function createDecisions(session: Session): Decisions {
  return {
    append: (entries) => insertRows(session, decisionEntity, entries),
    async list(filter, { after, limit }) {
      const rows = await session.read((manager) => {
        const query = manager.createQueryBuilder(decisionEntity, 'd').where(given(filter));
        // The first half lets the index find the place, the second is exact. PostgreSQL fails on a number that is higher
        // than the column can be; as a `bigint` it finds nothing.
        if (after !== undefined)
          query.andWhere('d.at <= :at AND (d.at < :at OR d.seq < CAST(:seq AS bigint))', {
            at: after.at,
            seq: after.seq,
          });
        return query.orderBy('d.at', 'DESC').addOrderBy('d.seq', 'DESC').limit(limit).getMany();
      });
      return rows as DecisionRecord[];
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
