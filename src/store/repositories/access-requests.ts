/** What people asked for, and what became of it. */
import { In, LessThanOrEqual, MoreThan } from 'typeorm';
import { accessRequestEntity } from '../entities/access-requests.ts';
import type { Session } from '../session.ts';
import type { AccessRequestFilter, AccessRequests } from '../access-requests.ts';
import type { PageRequest } from '../store.ts';
import { below, given } from './page.ts';

export function createAccessRequests(session: Session): AccessRequests {
  return {
    async find(id) {
      return (await session.read((manager) => manager.findOneBy(accessRequestEntity, { id }))) ?? undefined;
    },
    list: (filter, page) =>
      session.read((manager) =>
        manager.find(accessRequestEntity, {
          where: conditions(filter, page),
          order: { id: 'DESC' },
          take: page.limit,
        }),
      ),
    async insert(request) {
      const result = await session.write((manager) => manager.insert(accessRequestEntity, { ...request }));
      return { ...request, id: Number(result.identifiers[0]?.['id']) };
    },
    async close(id, change) {
      const result = await session.write((manager) =>
        manager.update(accessRequestEntity, { id, status: 'open' }, change),
      );
      return result.affected === 1;
    },
    async trim(subject, keep) {
      const old = await session.read((manager) =>
        manager.find(accessRequestEntity, {
          where: { subject },
          order: { id: 'DESC' },
          skip: keep,
          take: 100,
        }),
      );
      const ids = old.filter(({ status }) => status !== 'open').map(({ id }) => id);
      if (ids.length > 0)
        await session.write((manager) => manager.delete(accessRequestEntity, { id: In(ids) }));
    },
  };
}

/** One that nobody answered in time counts as expired, whether or not that was written down. */
function conditions({ openSince, ...filter }: AccessRequestFilter, page: PageRequest<number>) {
  const equal = { ...given(filter), ...below('id', page) };
  if (openSince === undefined) return [equal];
  if (filter.status === 'open') return [{ ...equal, createdAt: MoreThan(openSince) }];
  if (filter.status !== 'expired') return [equal];
  return [equal, { ...equal, status: 'open' as const, createdAt: LessThanOrEqual(openSince) }];
}
