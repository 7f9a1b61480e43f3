/** The gate's own directory: made when it is not there, closed to others, and known to be writable before anything starts. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';

/** Throws `CONFIG_INVALID` when this account cannot keep files there. */
export async function openDataDirectory(path: string): Promise<void> {
  try {
    await make(path);
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const message = `expected a directory this account may write to, received \`${path}\` (${reason})`;
    throw new AppError('CONFIG_INVALID', { problems: [{ at: 'data', message }], cause });
  }
}

/** Not `recursive`: Node tries for ever where a file system answers ENOENT below a directory that is there, as /proc does. */
async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path || (await exists(dirname(path)))) throw error;
    await make(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
