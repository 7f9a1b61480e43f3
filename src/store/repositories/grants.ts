/** Casbin's `g` lines: who holds which role, where and from when to when. */
import { grantEntity } from '../entities/policy.ts';
import type { Session } from '../session.ts';
import type { Grants } from '../store.ts';
import { insertRows } from './insert-rows.ts';
import { beyond, given, something } from './page.ts';

export function createGrants(session: Session): Grants {
  return {
    async find(id) {
      return (await session.read((manager) => manager.findOneBy(grantEntity, { id }))) ?? undefined;
    },
    async findExact(subject, role, server) {
      const grant = await session.read((manager) =>
        manager.findOneBy(grantEntity, { subject, role, server }),
      );
      return grant ?? undefined;
    },
    list: (filter, page) =>
      session.read((manager) =>
        manager.find(grantEntity, {
          where: { ...given(filter), ...beyond('id', page) },
          order: { id: 'ASC' },
          take: page.limit,
        }),
      ),
    async insert(grant) {
      const result = await session.write((manager) => manager.insert(grantEntity, { ...grant }));
      return { ...grant, id: Number(result.identifiers[0]?.['id']) };
    },
    insertMany: (grants) => insertRows(session, grantEntity, grants),
    async update(id, change) {
      const columns = given(change);
      if (Object.keys(columns).length === 0) return;
      await session.write((manager) => manager.update(grantEntity, { id }, columns));
    },
    async remove(id) {
      await session.write((manager) => manager.delete(grantEntity, { id }));
    },
    async removeAll(filter) {
      await session.write(async (manager) => manager.delete(grantEntity, something(filter)));
    },
  };
}
