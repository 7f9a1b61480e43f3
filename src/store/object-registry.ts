/**
 * Who started which kernel, session and terminal of this server. Looked up on every request, so all of them are held in
 * memory; written to the database first, so that what is in memory is durable.
 */
import type { Clock } from '../core/clock.ts';
import type { ObjectRecord, ObjectRegistry } from '../core/objects.ts';
import type { ObjectKind } from '../core/question.ts';
import type { Backend } from './backend.ts';
import { bumpCounter } from './counters.ts';
import { channelSessionEntity, objectEntity } from './entities/instance.ts';
import { createQueue } from './queue.ts';
import type { Session, Work } from './session.ts';

interface Deps {
  readonly reader: Session;
  readonly transaction: Backend['transaction'];
  readonly server: string;
  readonly clock: Clock;
}

export interface ReloadableRegistry extends ObjectRegistry {
  /** Reads all objects again, after another process changed some. */
  reload(): Promise<void>;
}

/** Loads the objects of `server`. Throws `STORE_UNAVAILABLE`. */
export async function createObjectRegistry({
  reader,
  transaction,
  server,
  clock,
}: Deps): Promise<ReloadableRegistry> {
  let objects = new Map<string, ObjectRecord>();
  // INVARIANT: reloads and own writes follow each other, or a reload begun before a write would undo it in memory
  const inOrder = createQueue();

  const change = (work: Work<unknown>): Promise<unknown> =>
    transaction('plain', async (session) => {
      await session.write(work);
      await bumpCounter(session, 'objects');
    });

  const reload = (): Promise<void> =>
    inOrder(async () => {
      const rows = await reader.read((manager) => manager.find(objectEntity, { where: { server } }));
      objects = new Map(rows.map((row) => [keyOf(row.kind, row.id), row]));
    });

  await reload();
  return {
    reload,
    lookup: (kind, id) => objects.get(keyOf(kind, id)),
    all: (kind) => [...objects.values()].filter((object) => object.kind === kind),
    ownedBy: (owner, kind) =>
      [...objects.values()].filter((object) => object.owner === owner && object.kind === kind),
    record: (object) =>
      inOrder(async () => {
        const row: ObjectRecord = { origin: object.path, ...object, server, createdAt: clock.now() };
        await change((manager) => manager.upsert(objectEntity, row, ['server', 'kind', 'id']));
        objects.set(keyOf(row.kind, row.id), row);
      }),
    update: ({ kind, id }, columns) =>
      inOrder(async () => {
        const known = objects.get(keyOf(kind, id));
        if (!known || Object.keys(columns).length === 0) return;
        await change((manager) => manager.update(objectEntity, { server, kind, id }, columns));
        objects.set(keyOf(kind, id), { ...known, ...columns });
      }),
    forget: (kind, id) =>
      inOrder(async () => {
        if (!objects.has(keyOf(kind, id))) return;
        await change(async (manager) => {
          await manager.delete(objectEntity, { server, kind, id });
          if (kind === 'kernel') await manager.delete(channelSessionEntity, { server, kernel: id });
        });
        objects.delete(keyOf(kind, id));
      }),
  };
}

function keyOf(kind: ObjectKind, id: string): string {
  return `${kind}/${id}`;
}
