/** The database file before SQLite sees it: created for its owner only, and refused when it is something else. */
import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { property } from '../database-error.ts';

/** First bytes of every SQLite 3 database, https://sqlite.org/fileformat.html section 1.3. */
const MAGIC = 'SQLite format 3\u0000';

/**
 * The one path of the file, whatever link it was named by; its directory is created (0700) where it is missing.
 * Throws `DATABASE_INVALID`.
 */
export function locateDatabaseFile(path: string): string {
  const file = resolve(path);
  return refusing(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return file;
    if (!found.isFile()) throw new AppError('DATABASE_INVALID', { detail: `\`${file}\` is not a file` });
    return realpathSync(file);
  });
}

/**
 * Creates the file where it is missing, makes it private (0600) and looks at its first bytes. Throws `DATABASE_INVALID`
 * with what was found.
 * INVARIANT: called with the lock held and before SQLite has the file open. POSIX drops all locks of a process on a file
 * as soon as it closes any descriptor of it, https://sqlite.org/howtocorrupt.html section 2.2.
 */
export function prepareDatabaseFile(file: string): void {
  refusing(file, () => {
    const descriptor = openSync(file, 'a+', 0o600);
    try {
      checkMagic(descriptor, file);
      if (fstatSync(descriptor).mode & 0o077) chmodSync(file, 0o600);
    } finally {
      closeSync(descriptor);
    }
  });
}

function checkMagic(descriptor: number, file: string): void {
  const head = Buffer.alloc(MAGIC.length);
  const length = readSync(descriptor, head, 0, head.length, 0);
  if (length === 0 || head.toString('latin1') === MAGIC) return;
  const found = JSON.stringify(head.subarray(0, length).toString('latin1'));
  throw new AppError('DATABASE_INVALID', {
    detail: `expected \`${file}\` to be an SQLite database, found a file that begins with ${found}`,
  });
}

function refusing<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = property(cause, 'code');
    throw new AppError('DATABASE_INVALID', {
      detail: `\`${file}\` cannot be opened for writing (${reason})`,
      cause,
    });
  }
}
