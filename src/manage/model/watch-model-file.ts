/** Follows model.conf while the gate runs. */
import { watchFile, unwatchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describeError, asAppError } from '../../core/errors.ts';

export interface WatchModelFileOptions {
  /** Milliseconds between two looks at the file. */
  readonly interval?: number | undefined;
  /** Imports the file's text; what it throws leaves the running model. */
  readonly importText: (text: string) => Promise<{ readonly revision: number } | undefined>;
  readonly onImported: (details: Readonly<Record<string, unknown>>) => void;
  /** Told the code, the reason and every problem with its line. */
  readonly onRefused: (details: Readonly<Record<string, unknown>>) => void;
}

const INTERVAL = 500;

/**
 * Looks at the file by name again and again, so that editors which write a new file and rename it over the old one
 * are followed too. Returns a function that stops it.
 */
export function watchModelFile(path: string, options: WatchModelFileOptions): () => void {
  let pending = Promise.resolve();
  const listener = (now: { readonly mtimeMs: number; readonly size: number }): void => {
    // A file that is gone or empty is one in the middle of being written; the next look finds it whole.
    if (now.mtimeMs === 0 || now.size === 0) return;
    pending = pending.then(() => importNow(path, options));
  };
  watchFile(path, { interval: options.interval ?? INTERVAL, persistent: false }, listener);
  return () => unwatchFile(path, listener);
}

async function importNow(path: string, options: WatchModelFileOptions): Promise<void> {
  try {
    const written = await options.importText(await readFile(path, 'utf8'));
    if (written !== undefined) options.onImported({ path, revision: written.revision });
  } catch (cause) {
    const error = asAppError(cause);
    options.onRefused({
      path,
      code: error.code,
      reason: describeError(error),
      problems: error.problems,
      ...(error.code === 'INTERNAL' ? { cause } : {}),
    });
  }
}
