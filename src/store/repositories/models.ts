/** Versions of model.conf; the newest is in force. */
import { modelEntity } from '../entities/policy.ts';
import type { Session } from '../session.ts';
import type { Models } from '../store.ts';
import { beyond } from './page.ts';

export function createModels(session: Session): Models {
  return {
    async current() {
      const [newest] = await session.read((manager) =>
        manager.find(modelEntity, { order: { version: 'DESC' }, take: 1 }),
      );
      return newest;
    },
    async find(version) {
      return (await session.read((manager) => manager.findOneBy(modelEntity, { version }))) ?? undefined;
    },
    list: (page) =>
      session.read((manager) =>
        manager.find(modelEntity, {
          where: beyond('version', page),
          order: { version: 'ASC' },
          take: page.limit,
        }),
      ),
    async insert(model) {
      const result = await session.write((manager) => manager.insert(modelEntity, { ...model }));
      return { ...model, version: Number(result.identifiers[0]?.['version']) };
    },
  };
}
