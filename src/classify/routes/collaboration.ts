/**
 * Real-time collaboration: jupyter-collaboration and jupyter_server_fileid. A room is named by a file id, so what may be
 * done in it is asked about the file that the Jupyter Server has under that id. The verbs upstream mean little: joining a
 * room is a GET that edits and saves, opening a document a PUT that only looks up its id.
 *
 * Params: `path`, `room`; `id` where only a file id is known.
 */
import { z } from 'zod';
import { noFields, onlyFields } from '../body-fields.ts';
import { textParameters } from '../route.ts';
import type { Ask, RouteRow } from '../route.ts';

const readRooms = { res: 'collaboration', act: 'read', path: 'path' } as const;
const readPath = { res: 'contents', act: 'read', path: 'path' } as const;
const document = z.strictObject({ format: z.string().max(32), type: z.string().max(32) });
const fork = z.strictObject({
  synchronize: z.boolean().optional(),
  title: z.string().max(1024).optional(),
  description: z.string().max(4096).optional(),
});

/** Following a document, and changing it. */
const FOLLOW: readonly [Ask, Ask] = [
  { res: 'collaboration', act: 'read', document: true },
  { res: 'contents', act: 'read', document: true },
];
const CHANGE: readonly [Ask, Ask] = [
  { res: 'collaboration', act: 'write', document: true },
  { res: 'contents', act: 'write', document: true },
];

export const collaborationRoutes: readonly RouteRow[] = [
  {
    // Upstream only gives the path an id.
    id: 'collaboration.open',
    methods: ['PUT'],
    pattern: '/api/collaboration/session{path:below}',
    asks: [readRooms, readPath],
    body: onlyFields(document),
  },
  {
    // Who is here: nothing of a document, and no file behind it.
    id: 'collaboration.awareness',
    methods: ['GET'],
    pattern: '/api/collaboration/room/JupyterLab:globalAwareness',
    transport: 'websocket',
    asks: [{ res: 'collaboration', act: 'read' }],
    query: { sessionId: /^[\w-]{1,64}$/ },
    socket: 'awareness',
  },
  {
    // To follow; what would change the document is asked message by message. Upstream matches the room undecoded.
    id: 'collaboration.room',
    methods: ['GET'],
    pattern: String.raw`/api/collaboration/room/{room:[\w:.-]+}`,
    transport: 'websocket',
    asks: FOLLOW,
    query: { sessionId: /^[\w-]{1,64}$/ },
    socket: 'room',
    document: ['room', 'room'],
  },
  {
    id: 'collaboration.timeline',
    methods: ['GET'],
    pattern: '/api/collaboration/timeline{path:below}',
    asks: [readRooms, readPath],
    query: textParameters('format', 'type'),
    presentation: 'timeline',
  },
  {
    // Upstream takes the document from `forkRoom`; the room in the address is only written to its log.
    id: 'collaboration.undo',
    methods: ['PUT'],
    pattern: '/api/collaboration/undo_redo/{room:room}',
    asks: CHANGE,
    query: { action: /^(?:undo|redo|restore)$/, steps: /^\d{1,6}$/, forkRoom: /^[\w-]{1,64}$/ },
    body: noFields,
    document: ['room', 'forkRoom'],
  },
  {
    id: 'collaboration.forks',
    methods: ['GET'],
    pattern: '/api/collaboration/fork/{room:room}',
    asks: FOLLOW,
    presentation: 'forks',
    document: ['room', 'room'],
  },
  {
    id: 'collaboration.fork',
    methods: ['PUT'],
    pattern: '/api/collaboration/fork/{room:room}',
    asks: CHANGE,
    body: onlyFields(fork),
    presentation: 'fork-created',
    document: ['room', 'room'],
  },
  {
    // With `merge` it writes the document it was forked from.
    id: 'collaboration.fork-end',
    methods: ['DELETE'],
    pattern: '/api/collaboration/fork/{room:room}',
    asks: CHANGE,
    query: { merge: /^(?:true|false)$/ },
    document: ['room', 'room'],
  },
  {
    id: 'fileid.of-path',
    methods: ['GET'],
    pattern: '/api/fileid/id',
    asks: [readRooms, readPath],
    query: { path: 'path' },
  },
  {
    id: 'fileid.path-of',
    methods: ['GET'],
    pattern: '/api/fileid/path',
    asks: FOLLOW,
    query: { id: /^[\w-]{1,64}$/ },
    document: ['file', 'id'],
  },
];
