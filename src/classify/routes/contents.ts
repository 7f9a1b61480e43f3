/**
 * Files and directories: jupyter_server/services/contents/handlers.py, in its order.
 *
 * Params for `contents`: `path`; for a rename also `destination`, for a copy `source`.
 */
import { z } from 'zod';
import { ROOT_PATH, canonicalPath, jupyterPath } from '../../core/canonical-path.ts';
import type { CanonicalPath } from '../../core/canonical-path.ts';
import { AppError } from '../../core/errors.ts';
import { noFields, readFields, refuseFields } from '../body-fields.ts';
import { textParameters } from '../route.ts';
import type { BodyReader, RouteRow } from '../route.ts';

const readFile = { res: 'contents', act: 'read', path: 'path' } as const;
const writeFile = { res: 'contents', act: 'write', path: 'path' } as const;
const readCheckpoints = { res: 'checkpoints', act: 'read', path: 'path' } as const;
const writeCheckpoints = { res: 'checkpoints', act: 'write', path: 'path' } as const;

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

const readNewEntry: BodyReader = (body, { paths }) => {
  if (body === undefined) return { body: undefined };
  refuseFields(body, ['content', 'format', 'chunk'], 'is for saving: use PUT with the name of the file');
  const { type, ext, copy_from: from } = readFields(newEntry, body);
  const source = from === undefined || from === null || from === '' ? undefined : canonicalPath(from);
  if (source !== undefined && liesIn(paths['path'] ?? ROOT_PATH, source)) {
    // `shutil.copytree` finds its own copy in it, and goes on until the disk or the length of a path ends.
    throw new AppError('BODY_INVALID', {
      detail: 'expected `copy_from` to be no directory around the place of the copy',
    });
  }
  return {
    body: {
      ...(type ? { type } : {}),
      ...(ext ? { ext } : {}),
      ...(source === undefined ? {} : { copy_from: jupyterPath(source) }),
    },
    ...(source === undefined ? {} : { paths: { source } }),
  };
};

function liesIn(path: CanonicalPath, around: CanonicalPath): boolean {
  return around === ROOT_PATH || path === around || path.startsWith(`${around}/`);
}

const renaming = z.strictObject({ path: z.string() });

const readRename: BodyReader = (body) => {
  const destination = canonicalPath(readFields(renaming, body).path);
  return { body: { path: jupyterPath(destination) }, paths: { destination } };
};

export const contentsRoutes: readonly RouteRow[] = [
  {
    id: 'checkpoints.list',
    methods: ['GET'],
    pattern: '/api/contents{path:contents}/checkpoints',
    asks: [readCheckpoints],
  },
  {
    id: 'checkpoints.create',
    methods: ['POST'],
    pattern: '/api/contents{path:contents}/checkpoints',
    asks: [writeCheckpoints],
    body: noFields,
  },
  {
    // Overwrites the file.
    id: 'checkpoints.restore',
    methods: ['POST'],
    pattern: String.raw`/api/contents{path:contents}/checkpoints/{checkpoint:[\w-]+}`,
    asks: [writeCheckpoints, writeFile],
    body: noFields,
  },
  {
    id: 'checkpoints.delete',
    methods: ['DELETE'],
    pattern: String.raw`/api/contents{path:contents}/checkpoints/{checkpoint:[\w-]+}`,
    asks: [writeCheckpoints],
  },
  {
    // Signs the notebook for everybody on the server.
    id: 'contents.trust',
    methods: ['POST'],
    pattern: '/api/contents{path:contents}/trust',
    asks: [{ res: 'trust', act: 'write', path: 'path' }, writeFile],
    body: noFields,
  },
  {
    id: 'contents.get',
    methods: ['GET'],
    pattern: '/api/contents{path:contents}',
    asks: [{ ...readFile, leads: true }],
    query: textParameters('type', 'format', 'content', 'hash', 'contentProviderId'),
    presentation: 'contents',
  },
  {
    // The body can be any size and names no second object: the address alone says what is written.
    id: 'contents.save',
    methods: ['PUT'],
    pattern: '/api/contents{path:contents}',
    asks: [writeFile],
    body: 'stream',
    streamedObject: true,
    presentation: 'contents',
  },
  {
    // The new name lies inside the directory asked: the server chooses it.
    id: 'contents.create',
    methods: ['POST'],
    pattern: '/api/contents{path:contents}',
    asks: [writeFile, { res: 'contents', act: 'read', path: 'source', when: 'source' }],
    body: readNewEntry,
    presentation: 'contents',
    subtree: 'copy',
  },
  {
    id: 'contents.rename',
    methods: ['PATCH'],
    pattern: '/api/contents{path:contents}',
    asks: [writeFile, { res: 'contents', act: 'write', path: 'destination' }, readFile],
    body: readRename,
    presentation: 'contents',
    subtree: 'move',
  },
  {
    id: 'contents.delete',
    methods: ['DELETE'],
    pattern: '/api/contents{path:contents}',
    asks: [writeFile],
    subtree: 'delete',
  },
];
