/**
 * One process per SQLite file. The lock is an exclusive transaction on a file beside the database: the operating system
 * drops it when the process ends, however it ends, so that a crash leaves nothing to clean up.
 */
import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../core/errors.ts';
import { property } from '../database-error.ts';

export interface FileLock {
  release(): void;
}

/** Locks `file` (its one, resolved path). Throws `DATABASE_LOCKED` at once when another store holds it. */
export function lockFile(file: string): FileLock {
  const path = `${file}.lock`;
  let lock: Database | undefined;
  try {
    createPrivately(path);
    lock = new Database(path, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    if (property(cause, 'code').startsWith('SQLITE_BUSY')) {
      throw new AppError('DATABASE_LOCKED', { detail: `expected \`${file}\` to be free`, cause });
    }
    throw new AppError('DATABASE_INVALID', { detail: `\`${path}\` cannot be locked`, cause });
  }
  const held = lock;
  return { release: () => held.close() };
}

/** Whoever may read the file could hold it locked. One that is there is not opened: closing it would drop our own lock. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (property(error, 'code') !== 'EEXIST') throw error;
  }
}
