/**
 * What jupyter_server serves beside files, kernels and terminals.
 *
 * Params: `me` has the query parameter `permissions` (a JSON object, as sent); `config…` have `section`, the body is in
 * `input`; `destination`, `source` and `kernel` of a made-up event. There is no `PATCH /api/me`: the gate keeps who people are, and names no field they may change there.
 */
import { anyObject, noFields } from '../body-fields.ts';
import { readEvent } from '../event-body.ts';
import { textParameters } from '../route.ts';
import type { RouteRow } from '../route.ts';

const readApi = { res: 'api', act: 'read' } as const;
const readStatic = { res: 'static', act: 'read' } as const;

export const coreRoutes: readonly RouteRow[] = [
  {
    id: 'root',
    methods: ['GET'],
    pattern: '/',
    asks: [{ res: 'pages', act: 'read' }],
    page: true,
    presentation: 'page',
  },
  { id: 'api.version', methods: ['GET'], pattern: '/api', asks: [readApi] },
  { id: 'api.spec', methods: ['GET', 'HEAD'], pattern: '/api/spec.yaml', asks: [readApi] },
  {
    id: 'api.status',
    methods: ['GET'],
    pattern: '/api/status',
    asks: [readApi],
    query: textParameters('no_track_activity'),
    presentation: 'status',
  },
  {
    id: 'me.read',
    methods: ['GET'],
    pattern: '/api/me',
    asks: [readApi],
    query: textParameters('permissions'),
    presentation: 'me',
  },
  {
    id: 'api.resolve-path',
    methods: ['GET'],
    pattern: '/api/resolvePath',
    asks: [
      { res: 'contents', act: 'read', path: 'path' },
      // A kernel looks from its own directory, and tells where that is: only who may run code there learns as much anyway.
      { res: 'channels', act: 'execute', object: ['kernel', 'kernel'], when: 'kernel' },
    ],
    query: { path: 'path', kernel: /^[\w-]{1,128}$/ },
  },
  {
    id: 'config.read',
    methods: ['GET'],
    pattern: String.raw`/api/config/{section:\w+}`,
    asks: [{ res: 'config', act: 'read' }],
    presentation: 'config',
  },
  {
    id: 'config.replace',
    methods: ['PUT'],
    pattern: String.raw`/api/config/{section:\w+}`,
    asks: [{ res: 'config', act: 'write' }],
    body: anyObject,
    presentation: 'config-replace',
  },
  {
    id: 'config.merge',
    methods: ['PATCH'],
    pattern: String.raw`/api/config/{section:\w+}`,
    asks: [{ res: 'config', act: 'write' }],
    body: anyObject,
    presentation: 'config-save',
  },
  {
    // Its listeners act on the paths in it, so a made-up event is a write.
    id: 'events.emit',
    methods: ['POST'],
    pattern: '/api/events',
    asks: [
      { res: 'events', act: 'write' },
      { res: 'contents', act: 'write', path: 'destination', when: 'destination' },
      { res: 'contents', act: 'write', path: 'source', when: 'source' },
      { res: 'kernels', act: 'write', object: ['kernel', 'kernel'], when: 'kernel' },
    ],
    body: readEvent,
    bodyParts: ['source', 'destination', 'kernel'],
  },
  {
    // Only reads, whatever a socket is called upstream; each event is filtered for the person.
    id: 'events.subscribe',
    methods: ['GET'],
    pattern: '/api/events/subscribe',
    transport: 'websocket',
    asks: [{ res: 'events', act: 'read' }],
    socket: 'events',
  },
  {
    id: 'api.csp-report',
    methods: ['POST'],
    pattern: '/api/security/csp-report',
    asks: [readApi],
    body: 'stream',
    bodyLimit: 65_536,
    presentation: 'csp-report',
  },
  {
    id: 'server.shutdown',
    methods: ['POST'],
    pattern: '/api/shutdown',
    asks: [{ res: 'server', act: 'write' }],
    body: noFields,
  },
  { id: 'server.metrics', methods: ['GET'], pattern: '/metrics', asks: [{ res: 'server', act: 'read' }] },
  {
    id: 'static.file',
    methods: ['GET', 'HEAD'],
    pattern: '/static/{asset:names}',
    asks: [readStatic],
    query: textParameters('v'),
  },
  {
    id: 'static.well-known',
    methods: ['GET', 'HEAD'],
    pattern: String.raw`/{asset:favicon\.ico|robots\.txt}`,
    asks: [readStatic],
  },
];
