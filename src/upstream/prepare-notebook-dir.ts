/** The served directory: created with a welcome notebook when it is new, left alone when it is there. */
import { chown, copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { OsAccount } from './os-account.ts';

export const WELCOME_NOTEBOOK = 'welcome.ipynb';

export interface NotebookDirOptions {
  readonly notebookDir: string;
  /** The notebook that is copied into a new directory. */
  readonly welcome: string;
  /** Who owns what is created; undefined for ourselves. */
  readonly owner: OsAccount | undefined;
}

/** True when it was created. Throws `CONFIG_INVALID` when something else lies there or it cannot be made. */
export async function prepareNotebookDir({
  notebookDir,
  welcome,
  owner,
}: NotebookDirOptions): Promise<boolean> {
  const present = await stat(notebookDir).catch(() => undefined);
  if (present?.isDirectory() === true) return false;
  if (present !== undefined) throw refused(`expected a directory, received the file \`${notebookDir}\``);
  const copy = join(notebookDir, WELCOME_NOTEBOOK);
  try {
    await mkdir(notebookDir, { recursive: true });
    await copyFile(welcome, copy);
    if (owner !== undefined) for (const path of [notebookDir, copy]) await chown(path, owner.uid, owner.gid);
  } catch (cause) {
    throw refused(
      `expected a directory that can be made, received ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  return true;
}

function refused(message: string): AppError {
  return new AppError('CONFIG_INVALID', {
    detail: `notebook-dir: ${message}`,
    problems: [{ at: 'notebook-dir', message }],
  });
}
