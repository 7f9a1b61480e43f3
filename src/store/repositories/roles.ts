/** Roles: names with a description; what they may do is in the rules. */
import { roleEntity } from '../entities/policy.ts';
import type { Session } from '../session.ts';
import type { Roles } from '../store.ts';
import { beyond } from './page.ts';

export function createRoles(session: Session): Roles {
  return {
    async find(name) {
      return (await session.read((manager) => manager.findOneBy(roleEntity, { name }))) ?? undefined;
    },
    list: (page) =>
      session.read((manager) =>
        manager.find(roleEntity, { where: beyond('name', page), order: { name: 'ASC' }, take: page.limit }),
      ),
    async upsert(role) {
      await session.write((manager) => manager.upsert(roleEntity, role, ['name']));
    },
    async remove(name) {
      await session.write((manager) => manager.delete(roleEntity, { name }));
    },
  };
}
