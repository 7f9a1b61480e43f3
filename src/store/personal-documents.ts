/** Settings, workspaces and notebook configuration of each person. */
import type { Clock } from '../core/clock.ts';
import type { PersonalDocuments } from '../core/objects.ts';
import type { Backend } from './backend.ts';
import { documentEntity } from './entities/instance.ts';
import type { Session } from './session.ts';

interface Deps {
  readonly reader: Session;
  readonly transaction: Backend['transaction'];
  readonly clock: Clock;
}

export function createPersonalDocuments({ reader, transaction, clock }: Deps): PersonalDocuments {
  return {
    async get(subject, kind, name) {
      const row = await reader.read((manager) => manager.findOneBy(documentEntity, { subject, kind, name }));
      return row?.body;
    },
    async list(subject, kind) {
      const rows = await reader.read((manager) =>
        manager.find(documentEntity, { where: { subject, kind }, order: { name: 'ASC' } }),
      );
      return rows.map(({ name, body, updatedAt }) => ({ name, body, updatedAt }));
    },
    async put(subject, kind, name, body) {
      const row = { subject, kind, name, body, updatedAt: clock.now() };
      await transaction('plain', (session) =>
        session.write((manager) => manager.upsert(documentEntity, row, ['subject', 'kind', 'name'])),
      );
    },
    async remove(subject, kind, name) {
      const result = await transaction('plain', (session) =>
        session.write((manager) => manager.delete(documentEntity, { subject, kind, name })),
      );
      return result.affected === 1;
    },
  };
}
