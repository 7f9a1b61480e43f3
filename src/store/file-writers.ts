/**
 * Who wrote what, in rows that are there before the write is sent on. A whole save takes away what ended before it began;
 * what is moved, copied or kept aside takes the writers along. Rows that name too many are harmless, one too few is not.
 */
import { randomUUID } from 'node:crypto';
import { LessThan, Not } from 'typeorm';
import type { EntityManager, FindOperator } from 'typeorm';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { FileWrite, FileWriters, WriteOutcome } from '../core/file-writers.ts';
import type { Backend } from './backend.ts';
import { writerEntity } from './entities/file-writers.ts';
import type { WriterRow } from './entities/file-writers.ts';
import type { Session } from './session.ts';
import { belowKey, checkpointKey, formerKey, isHand, isLatest, tree, writerQueries } from './writer-rows.ts';

interface Deps {
  readonly reader: Session;
  readonly transaction: Backend['transaction'];
  readonly server: string;
}

interface Begun {
  readonly write: FileWrite;
  readonly tick: number;
  readonly rows: readonly WriterRow[];
}

/** A key and whose hand is to be noted there. */
type Place = readonly [path: string, subject: string];

export function createFileWriters({ reader, transaction, server }: Deps): FileWriters {
  const queries = writerQueries(server);
  /** Never goes back, also when the latest row is taken away. */
  let latestTick = 0;

  async function nextTick(manager: EntityManager): Promise<number> {
    const highest = await manager.maximum(writerEntity, 'ended', { server });
    latestTick = Math.max(latestTick, highest ?? 0) + 1;
    return latestTick;
  }

  /** Where hands are to be noted. */
  async function placesOf(manager: EntityManager, write: FileWrite): Promise<Place[]> {
    const { subject, path } = write;
    const at = (key: string, subjects: readonly string[]): Place[] =>
      [...new Set(subjects)].map((each) => [key, each]);
    switch (write.kind) {
      case 'save':
      case 'edit':
        return at(path, [subject]);
      case 'restore':
        return at(path, [subject, ...(await queries.keptOf(manager, path))]);
      case 'checkpoint': {
        const kept = new Set(await queries.keptOf(manager, path));
        const hands = await queries.hands(manager, path);
        return at(
          checkpointKey(path),
          hands.filter((each) => !kept.has(each)),
        );
      }
      case 'move':
        return [
          ...at(belowKey(path), [subject, ...(await queries.hands(manager, write.source))]),
          ...at(checkpointKey(path), await queries.keptOf(manager, write.source)),
          ...at(formerKey(path), await queries.ever(manager, write.source)),
        ];
      case 'copy':
        return at(belowKey(path), [subject, ...(await queries.hands(manager, write.source))]);
      case 'merge':
        return at(path, [subject, ...(await queries.ever(manager, path))]);
      case 'delete':
        return [];
    }
  }

  async function isNoted({ subject, kind, path }: FileWrite): Promise<boolean> {
    if (kind === 'delete') return true;
    if (kind !== 'save' && kind !== 'edit') return false;
    const rows = await reader.read((manager) => queries.at(manager, path));
    return kind === 'edit' ? isHand(rows, subject, path) : isLatest(rows, subject, path);
  }

  const change = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
    transaction('plain', (session) => session.write(work));

  async function begin(write: FileWrite): Promise<Begun> {
    // Who saves their own notebook again and again costs a look, and no commit.
    if (await isNoted(write)) return { write, tick: await reader.read(nextTick), rows: [] };
    return change(async (manager) => {
      const tick = await nextTick(manager);
      const places = await placesOf(manager, write);
      const rows = places.map((place) => rowOf(place, { begun: tick, ended: tick, saved: false }));
      if (rows.length > 0) await manager.insert(writerEntity, rows);
      return { write, tick, rows };
    });
  }

  function rowOf(
    [path, subject]: Place,
    row: Omit<WriterRow, 'id' | 'server' | 'path' | 'subject'>,
  ): WriterRow {
    return { id: randomUUID(), server, path, subject, ...row };
  }

  async function end(begun: Begun, outcome: WriteOutcome): Promise<void> {
    const { write, rows: before } = begun;
    if (outcome === 'refused') {
      if (before.length > 0) await change((manager) => remove(manager, before));
      return;
    }
    if (write.kind !== 'delete' && (await isNoted(write))) return;
    await change(async (manager) => {
      const ended = await nextTick(manager);
      const saved = write.kind === 'save' && outcome === 'done';
      const places = await placesOf(manager, write);
      const rows = places.map((place) => {
        const known = before.find((row) => row.path === place[0] && row.subject === place[1]);
        return { ...(known ?? rowOf(place, { begun: begun.tick, ended, saved })), ended, saved };
      });
      if (rows.length > 0) await manager.upsert(writerEntity, rows, ['id']);
      if (outcome === 'done') await tidy(manager, begun, rows);
    });
  }

  /** Takes away what the write made untrue. */
  async function tidy(
    manager: EntityManager,
    { write, tick }: Begun,
    rows: readonly WriterRow[],
  ): Promise<void> {
    const ended = LessThan(tick);
    switch (write.kind) {
      case 'save': {
        const { path, subject } = write;
        await strikeOut(manager, { path, others: Not(subject), tick });
        const [own] = rows;
        if (own !== undefined) await manager.delete(writerEntity, { server, path, subject, id: Not(own.id) });
        return;
      }
      case 'move':
        return void (await manager.delete(writerEntity, { server, path: tree(write.source), ended }));
      case 'delete':
        return void (await manager.delete(writerEntity, { server, path: tree(write.path), ended }));
      case 'copy':
      case 'edit':
      case 'restore':
      case 'merge':
      case 'checkpoint':
    }
  }

  /** Their work is not in the file any more, but may be in a fork of it. */
  async function strikeOut(
    manager: EntityManager,
    {
      path,
      others,
      tick,
    }: { readonly path: CanonicalPath; readonly others: FindOperator<string>; readonly tick: number },
  ): Promise<void> {
    const where = { server, path, subject: others, ended: LessThan(tick) };
    const struck = await manager.find(writerEntity, { where });
    if (struck.length === 0) return;
    const key = formerKey(path);
    const known = await manager.find(writerEntity, { where: { server, path: key } });
    const subjects = new Set(struck.map(({ subject }) => subject));
    for (const { subject } of known) subjects.delete(subject);
    const rows = [...subjects].map((each) => rowOf([key, each], { begun: tick, ended: tick, saved: false }));
    if (rows.length > 0) await manager.insert(writerEntity, rows);
    await manager.delete(writerEntity, where);
  }

  return {
    async mayHaveWritten(subject, path) {
      const rows = await reader.read((manager) => queries.at(manager, path));
      return isHand(rows, handOf(subject), path);
    },
    async begin(given) {
      const begun = await begin({ ...given, subject: handOf(given.subject) });
      return { end: (outcome) => end(begun, outcome) };
    },
  };
}

async function remove(manager: EntityManager, rows: readonly WriterRow[]): Promise<void> {
  for (const { id } of rows) await manager.delete(writerEntity, { id });
}

function handOf(subject: string): string {
  return subject.startsWith('guest:') ? 'guest:' : subject;
}
