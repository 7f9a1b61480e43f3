/** People. A removed one stays as a tombstone: found by name, left out of listings. */
import { IsNull } from 'typeorm';
import { userEntity } from '../entities/accounts.ts';
import type { Session } from '../session.ts';
import type { Users } from '../store.ts';
import { beyond } from './page.ts';

export function createUsers(session: Session): Users {
  return {
    async find(name) {
      const user = await session.read((manager) => manager.findOneBy(userEntity, { name }));
      return user ?? undefined;
    },
    list: (page) =>
      session.read((manager) =>
        manager.find(userEntity, {
          where: { removedAt: IsNull(), ...beyond('name', page) },
          order: { name: 'ASC' },
          take: page.limit,
        }),
      ),
    async insert(user) {
      await session.write((manager) => manager.insert(userEntity, user));
    },
    async update(name, change) {
      if (Object.keys(change).length === 0) return;
      await session.write((manager) => manager.update(userEntity, { name }, change));
    },
  };
}
