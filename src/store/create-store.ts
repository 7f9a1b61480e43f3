/** The store over an opened database: the same for SQLite and PostgreSQL. */
import type { Clock } from '../core/clock.ts';
import type { Backend } from './backend.ts';
import { createChannelUsers } from './channel-users.ts';
import { createFileWriters } from './file-writers.ts';
import { createObjectRegistry } from './object-registry.ts';
import { createPersonalDocuments } from './personal-documents.ts';
import { createRepositories } from './repositories/repositories.ts';
import type { Store } from './store.ts';
import { createTransactor } from './transactor.ts';

interface Options {
  readonly server: string;
  readonly clock: Clock;
}

type Listener = Parameters<Store['watch']>[0];

export async function createStore(backend: Backend, { server, clock }: Options): Promise<Store> {
  const transactor = createTransactor(backend);
  const deps = { reader: backend.reader, transaction: transactor.run, clock };
  const objects = await createObjectRegistry({ ...deps, server });
  const listeners = new Set<Listener>();
  let closed: Promise<void> | undefined;
  backend.watch(async ({ counters, changed }) => {
    if (changed.includes('revision') || changed.includes('credentials')) {
      for (const listener of listeners)
        listener({ revision: counters.revision, credentials: counters.credentials });
    }
    if (changed.includes('objects')) await objects.reload();
  });
  return {
    kind: backend.kind,
    read: createRepositories(backend.reader),
    transaction: (work, { relaxed = false } = {}) =>
      transactor.run(relaxed ? 'relaxed' : 'policy', (session) => work(createRepositories(session))),
    objects,
    documents: createPersonalDocuments(deps),
    writers: createFileWriters({ ...deps, server }),
    channelUsers: createChannelUsers({ ...deps, server }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    confirmedAge: () => backend.confirmedAge(),
    close() {
      closed ??= transactor.end().then(() => backend.close());
      return closed;
    },
  };
}
