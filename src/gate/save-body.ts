/**
 * Looks into the body of a save while it is streamed. Jupyter acts on the address, with two exceptions, and these fields may
 * come anywhere and twice (jupyter_server/services/contents: handlers.py `put`, largefilemanager.py `save`).
 */
import { ROOT_PATH, canonicalPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import { createTopFields, jsonValue } from './top-fields.ts';

export interface SaveBody {
  /** To be called with each piece before it is sent. Throws `BODY_INVALID`. */
  look(chunk: Buffer): void;
  /** Whether the body has ended and puts a whole file in the place of the one that is there. */
  isWhole(): boolean;
}

/** `path`: what is saved. */
export function createSaveBody(path: CanonicalPath | ''): SaveBody {
  let appends = false;
  const fields = createTopFields((name, json) => {
    const value = json === undefined ? undefined : jsonValue(json);
    // Part of an upload: the first replaces the file, and all others are added to what lies there by then.
    if (name === 'chunk') appends ||= value !== null && value !== 1;
    if (name === 'path') assertOwn(value, path);
  });
  return { look: (chunk) => fields.read(chunk), isWhole: () => fields.hasEnded() && !appends };
}

/** Jupyter looks this path up and answers otherwise when it is hidden or lies below a file, which tells what is there. */
function assertOwn(value: unknown, path: string): void {
  if (value === null || value === '') return;
  const named = typeof value === 'string' ? canonicalPath(value) : undefined;
  if (named === path || named === ROOT_PATH || path.startsWith(`${named}/`)) return;
  throw new AppError('BODY_INVALID', {
    detail: 'expected `path` to be the path of the address, or a directory above it',
  });
}
