/** The database file before SQLite sees it: created for its owner only, and refused when it is something else. */
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** First bytes of every SQLite 3 database, https://sqlite.org/fileformat.html section 1.3. */
const MAGIC = 'SQLite format 3\u0000';

/**
 * Creates `path` (0600) and its directory (0700) where they are missing and returns the file's real path.
 * Throws `DATABASE_INVALID` with what was found when it cannot be opened or is not an SQLite database.
 */
export function prepareDatabaseFile(path: string): string {
  const file = resolve(path);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const descriptor = openSync(file, 'a+', 0o600);
    try {
      checkMagic(descriptor, file);
      if (fstatSync(descriptor).mode & 0o077) chmodSync(file, 0o600);
    } finally {
      closeSync(descriptor);
    }
    return realpathSync(file);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('DATABASE_INVALID', {
      detail: `expected a file that can be written: ${reason}`,
      cause,
    });
  }
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
