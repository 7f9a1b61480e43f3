/**
 * Files and directories: jupyter_server/services/contents/handlers.py, in its order.
 *
 * Params for `contents`: `path`; for a rename also `destination`, for a copy `source`; for what is created `entry`, the path
 * it gets.
 */
import { z } from 'zod';
import { canonicalPath, jupyterPath } from '../../core/canonical-path.ts';
import { noFields, readFields } from '../body-fields.ts';
import { readNewEntry } from '../new-entry-body.ts';
import { textParameters } from '../route.ts';
import type { BodyReader, RouteRow } from '../route.ts';

const readFile = { res: 'contents', act: 'read', path: 'path' } as const;
const writeFile = { res: 'contents', act: 'write', path: 'path' } as const;
const readCheckpoints = { res: 'checkpoints', act: 'read', path: 'path' } as const;
const writeCheckpoints = { res: 'checkpoints', act: 'write', path: 'path' } as const;

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
    mustExist: true,
  },
  {
    id: 'checkpoints.create',
    methods: ['POST'],
    pattern: '/api/contents{path:contents}/checkpoints',
    asks: [writeCheckpoints],
    body: noFields,
    mustExist: true,
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
    mustExist: true,
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
    asks: [{ ...writeFile, arrives: true }],
    body: 'stream',
    streamedObject: true,
    presentation: 'contents',
  },
  {
    // The gate chooses the name in the server's place, so that it can be asked about.
    id: 'contents.create',
    methods: ['POST'],
    pattern: '/api/contents{path:contents}',
    asks: [
      { res: 'contents', act: 'write', path: 'entry', arrives: true },
      { res: 'contents', act: 'read', path: 'source', when: 'source' },
    ],
    body: readNewEntry,
    bodyParts: ['source', 'entry'],
    presentation: 'contents-created',
    subtree: 'copy',
  },
  {
    id: 'contents.rename',
    methods: ['PATCH'],
    pattern: '/api/contents{path:contents}',
    asks: [writeFile, { res: 'contents', act: 'write', path: 'destination', arrives: true }, readFile],
    body: readRename,
    bodyParts: ['destination'],
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
