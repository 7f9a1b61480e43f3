/** Revisions and small values of the instance. */
import { bumpCounter, readCounters } from '../counters.ts';
import { valueEntity } from '../entities/instance.ts';
import type { Session } from '../session.ts';
import type { State } from '../store.ts';

export function createState(session: Session): State {
  return {
    async counters() {
      const { revision, credentials } = await session.read(readCounters);
      return { revision, credentials };
    },
    bumpRevision: () => bumpCounter(session, 'revision'),
    bumpCredentials: () => bumpCounter(session, 'credentials'),
    async value(key) {
      const row = await session.read((manager) => manager.findOneBy(valueEntity, { key }));
      return row?.value;
    },
    async setValue(key, value) {
      await session.write((manager) => manager.upsert(valueEntity, { key, value }, ['key']));
    },
  };
}
