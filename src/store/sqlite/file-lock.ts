/**
 * One process per SQLite file. The lock is an exclusive transaction on a file beside the database: the operating system
 * drops it when the process ends, however it ends, so that a crash leaves nothing to clean up.
 */
import Database from 'better-sqlite3';
import { AppError } from '../../core/errors.ts';
import { property } from '../database-error.ts';

export interface FileLock {
  release(): void;
}

/** Locks `path` (the database's own, resolved path). Throws `DATABASE_LOCKED` at once when another process holds it. */
export function lockFile(path: string): FileLock {
  const lock = new Database(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (property(cause, 'code').startsWith('SQLITE_BUSY')) {
      throw new AppError('DATABASE_LOCKED', { detail: `expected \`${path}\` to be free`, cause });
    }
    throw new AppError('DATABASE_INVALID', { detail: `\`${path}.lock\` cannot be locked`, cause });
  }
  return { release: () => lock.close() };
}
