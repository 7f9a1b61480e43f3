/** Where rows of writers lie, and what they say together. */
import { In, LessThan, MoreThanOrEqual, And, Equal, Or } from 'typeorm';
import type { EntityManager, FindOperator } from 'typeorm';
import { ROOT_PATH, parentPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { writerEntity } from './entities/file-writers.ts';
import type { WriterRow } from './entities/file-writers.ts';

const FORMER = '///';

/** Key of all that is at or below `path`. */
export function belowKey(path: CanonicalPath): string {
  return path === ROOT_PATH ? path : `${path}/`;
}

/** Key of what is kept aside for `path`. No path holds two slashes; below the file, it goes where the file goes. */
export function checkpointKey(path: CanonicalPath): string {
  return `${path}//`;
}

/** Key of those whose work at or below `path` was saved over. */
export function formerKey(path: CanonicalPath): string {
  return `${path}${FORMER}`;
}

/** Keys of the rows that speak of `path`: its own, and those of every directory around it. */
export function keysOf(path: CanonicalPath): string[] {
  return [path, ...upwards(path).map(belowKey)];
}

/** `path` and every directory around it. */
function upwards(path: CanonicalPath): CanonicalPath[] {
  return path === ROOT_PATH ? [path] : [path, ...upwards(parentPath(path))];
}

/** All keys at or below `path`. `0` follows `/`. */
export function tree(path: CanonicalPath): FindOperator<string> {
  return path === ROOT_PATH
    ? MoreThanOrEqual<string>(path)
    : Or(Equal<string>(path), And(MoreThanOrEqual(`${path}/`), LessThan(`${path}0`)));
}

/** Whether something of `subject` may be in the file at `path`, by the rows of `keysOf(path)`. */
export function isHand(rows: readonly WriterRow[], subject: string, path: CanonicalPath): boolean {
  const others = rows.filter((row) => row.path === path && row.saved && row.subject !== subject);
  const savedOver = Math.max(0, ...others.map(({ begun }) => begun));
  return rows.some((row) => row.subject === subject && row.ended >= savedOver);
}

/** Whether the latest of all is a save of `subject`, so that another changes nothing. */
export function isLatest(rows: readonly WriterRow[], subject: string, path: CanonicalPath): boolean {
  const own = rows.filter((row) => row.subject === subject && row.path === path && row.saved);
  const latest = Math.max(0, ...own.map(({ begun }) => begun));
  return latest > 0 && rows.every((row) => row.subject === subject || row.ended < latest);
}

export interface WriterQueries {
  /** The rows that speak of `path`. */
  at(manager: EntityManager, path: CanonicalPath): Promise<WriterRow[]>;
  /** Those whose hand may be in what lies at or below `path`. */
  hands(manager: EntityManager, path: CanonicalPath): Promise<string[]>;
  /** Those whose hand may be in what is kept aside for `path`. */
  keptOf(manager: EntityManager, path: CanonicalPath): Promise<string[]>;
  /** All who ever wrote what lies at or below `path`. */
  ever(manager: EntityManager, path: CanonicalPath): Promise<string[]>;
}

export function writerQueries(server: string): WriterQueries {
  const at = (manager: EntityManager, path: CanonicalPath): Promise<WriterRow[]> =>
    manager.find(writerEntity, { where: { server, path: In(keysOf(path)) } });
  return {
    at,
    async hands(manager, path) {
      const rows = await at(manager, path);
      const below = await manager.find(writerEntity, { where: { server, path: tree(path) } });
      const apart = new Set([path, belowKey(path), checkpointKey(path)]);
      const further = below.filter((row) => !apart.has(row.path) && !row.path.endsWith(FORMER));
      const here = rows.filter(({ subject }) => isHand(rows, subject, path));
      return unique([...here, ...further]);
    },
    async keptOf(manager, path) {
      return unique(await manager.find(writerEntity, { where: { server, path: checkpointKey(path) } }));
    },
    async ever(manager, path) {
      const around = [...keysOf(path), ...upwards(path).map(formerKey)];
      const rows = await manager.find(writerEntity, { where: { server, path: In(around) } });
      const below = await manager.find(writerEntity, { where: { server, path: tree(path) } });
      return unique([...rows, ...below]);
    },
  };
}

function unique(rows: readonly WriterRow[]): string[] {
  return [...new Set(rows.map(({ subject }) => subject))];
}
