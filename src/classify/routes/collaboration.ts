/**
 * Real-time collaboration: jupyter-collaboration and jupyter_server_fileid. A room edits and saves documents on the
 * server whatever upstream calls it, and its messages are not looked into, so joining one is `execute`.
 *
 * Params: `path`, `room`; `id` where only a file id is known.
 */
import { z } from 'zod';
import { anyObject, noFields, onlyFields } from '../body-fields.ts';
import { textParameters } from '../route.ts';
import type { RouteRow } from '../route.ts';

/** `format:type:fileId`, `JupyterLab:globalAwareness` or the id of a fork; matched raw upstream, so never re-encoded. */
const ROOM = String.raw`{room:[\w:.-]+}`;

const readRooms = { res: 'collaboration', act: 'read' } as const;
const writeRooms = { res: 'collaboration', act: 'write' } as const;
const readPath = { res: 'contents', act: 'read', path: 'path' } as const;
const document = z.strictObject({ format: z.string().max(32), type: z.string().max(32) });

export const collaborationRoutes: readonly RouteRow[] = [
  {
    id: 'collaboration.open',
    methods: ['PUT'],
    pattern: '/api/collaboration/session{path:below}',
    asks: [readRooms, readPath],
    body: onlyFields(document),
  },
  {
    id: 'collaboration.room',
    methods: ['GET'],
    pattern: `/api/collaboration/room/${ROOM}`,
    transport: 'websocket',
    asks: [{ res: 'collaboration', act: 'execute' }],
    query: { sessionId: /^[\w-]{1,64}$/ },
    socket: 'tunnel',
  },
  {
    id: 'collaboration.timeline',
    methods: ['GET'],
    pattern: '/api/collaboration/timeline{path:below}',
    asks: [readRooms, readPath],
    query: textParameters('format', 'type'),
  },
  {
    id: 'collaboration.undo',
    methods: ['PUT'],
    pattern: `/api/collaboration/undo_redo/${ROOM}`,
    asks: [writeRooms],
    query: textParameters('action', 'steps', 'forkRoom'),
    body: noFields,
  },
  {
    id: 'collaboration.forks',
    methods: ['GET'],
    pattern: `/api/collaboration/fork/${ROOM}`,
    asks: [readRooms],
  },
  {
    id: 'collaboration.fork',
    methods: ['PUT'],
    pattern: `/api/collaboration/fork/${ROOM}`,
    asks: [writeRooms],
    body: anyObject,
  },
  {
    // With `merge` it writes the document it was forked from.
    id: 'collaboration.fork-end',
    methods: ['DELETE'],
    pattern: `/api/collaboration/fork/${ROOM}`,
    asks: [writeRooms],
    query: textParameters('merge'),
  },
  {
    id: 'fileid.of-path',
    methods: ['GET'],
    pattern: '/api/fileid/id',
    asks: [readRooms, readPath],
    query: { path: 'path' },
  },
  {
    // Which path comes back is not known before, so this needs as much as joining any room.
    id: 'fileid.path-of',
    methods: ['GET'],
    pattern: '/api/fileid/path',
    asks: [{ res: 'collaboration', act: 'execute' }],
    query: { id: /^[\w-]{1,64}$/ },
  },
];
