/** The body of `POST /api/contents/DIR`: an entry whose name is not said (jupyter_server/services/contents/manager.py). */
import { z } from 'zod';
import { ROOT_PATH, canonicalPath, joinPath, jupyterPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import { readFields, refuseFields } from './body-fields.ts';
import type { BodyReader } from './route.ts';

/**
 * The new name is `untitled` + `ext`, joined to the directory and normalised only then, so `ext` could lead out of it
 * (`/../../elsewhere/x`, observed on jupyter_server 2.21).
 */
const extension = z
  .string()
  .regex(/^(?:\.?[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,31})?$/, 'expected an extension such as `.txt`');

const newEntry = z.strictObject({
  type: z.enum(['', 'file', 'notebook', 'directory']).nullish(),
  ext: extension.nullish(),
  copy_from: z.string().nullish(),
  // JupyterLab repeats the directory here; jupyter_server does not look at it.
  path: z.string().nullish(),
});

/** Taken out of the name of a copy before it is copied again (`copy_pat`). */
const COPY_MARK = /-Copy\d*\./g;

/**
 * `entry` is the path that what is created gets when it is free; the gate puts a number to the name otherwise. `source` is
 * what is copied.
 */
export const readNewEntry: BodyReader = (body, { paths }) => {
  const directory = paths['path'] ?? ROOT_PATH;
  const named = (name: string) => ({ paths: { entry: joinPath(directory, name) } });
  if (body === undefined) return { body: { type: 'file' }, ...named('untitled') };
  refuseFields(body, ['content', 'format', 'chunk'], 'is for saving: use PUT with the name of the file');
  const { type, ext, copy_from: from } = readFields(newEntry, body);
  const source = from === undefined || from === null || from === '' ? undefined : canonicalPath(from);
  if (source !== undefined) {
    if (liesIn(directory, source)) {
      // `shutil.copytree` finds its own copy in it, and goes on until the disk or the length of a path ends.
      throw new AppError('BODY_INVALID', {
        detail: 'expected `copy_from` to be no directory around the place of the copy',
      });
    }
    const name = source.slice(source.lastIndexOf('/') + 1).replace(COPY_MARK, '.');
    if (name === '')
      throw new AppError('BODY_INVALID', { detail: 'expected a copy of something below the root' });
    return { body: { copy_from: jupyterPath(source) }, paths: { source, entry: joinPath(directory, name) } };
  }
  const kind = type || (ext === '.ipynb' ? 'notebook' : 'file');
  return { body: { type: kind }, ...named(nameOf(kind, ext ?? '')) };
};

function liesIn(path: CanonicalPath, around: CanonicalPath): boolean {
  return around === ROOT_PATH || path === around || path.startsWith(`${around}/`);
}

function nameOf(kind: 'file' | 'notebook' | 'directory', ext: string): string {
  if (kind === 'notebook') return 'Untitled.ipynb';
  return kind === 'directory' ? `Untitled Folder${ext}` : `untitled${ext}`;
}
