/** What the latest revisions changed, so that another gate need not read the whole policy. */
import { LessThanOrEqual, MoreThan } from 'typeorm';
import { policyChangeEntity } from '../entities/policy.ts';
import type { Session } from '../session.ts';
import type { PolicyChanges } from '../store.ts';

/** Revisions that are kept. Who is further behind reads the whole policy. */
const KEPT = 500;

export function createPolicyChanges(session: Session): PolicyChanges {
  return {
    async add({ revision, rules, grants, size }) {
      await session.write(async (manager) => {
        await manager.insert(policyChangeEntity, { revision, change: { rules, grants }, ...size });
        await manager.delete(policyChangeEntity, { revision: LessThanOrEqual(revision - KEPT) });
      });
    },
    async since(revision, limit) {
      const rows = await session.read((manager) =>
        manager.find(policyChangeEntity, {
          where: { revision: MoreThan(revision) },
          order: { revision: 'ASC' },
          take: limit,
        }),
      );
      return rows.map(({ change, rules, grants, ...row }) => ({
        revision: row.revision,
        ...change,
        size: { rules, grants },
      }));
    },
  };
}
