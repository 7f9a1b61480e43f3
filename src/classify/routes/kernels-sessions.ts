/**
 * Kernels and sessions. Starting one runs a process, so it is `execute` whatever the verb says.
 *
 * Params: `kernel` (id), `session` (id), `notebook` (the path asked, which the registry keeps), `name` (kernelspec).
 */
import { z } from 'zod';
import { canonicalPath, jupyterPath } from '../../core/canonical-path.ts';
import { noFields, readFields, refuseFields } from '../body-fields.ts';
import { readNewSession, readSessionChange } from '../session-body.ts';
import { textParameters } from '../route.ts';
import type { BodyReader, RouteRow } from '../route.ts';

const KERNEL = String.raw`/api/kernels/{kernel:\w+-\w+-\w+-\w+-\w+}`;
const SESSION = String.raw`/api/sessions/{session:\w+-\w+-\w+-\w+-\w+}`;

const newKernel = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]{0,128}$/, 'expected the name of a kernelspec')
    .nullish(),
  path: z.string().nullish(),
  // Refused below when it holds a value.
  kernel_id: z.null().optional(),
});

const readNewKernel: BodyReader = (body) => {
  if (body === undefined) return { body: undefined };
  refuseFields(
    body,
    ['kernel_id'],
    'would attach to a kernel somebody else started: the server chooses the id',
  );
  refuseFields(body, ['env'], 'would change the environment of the kernel');
  const { name, path } = readFields(newKernel, body);
  const notebook = path ? canonicalPath(path) : undefined;
  return {
    body: { ...(name ? { name } : {}), ...(notebook === undefined ? {} : { path: jupyterPath(notebook) }) },
    ...(notebook === undefined ? {} : { paths: { notebook } }),
  };
};

const changeKernel = { res: 'kernels', act: 'write', object: ['kernel', 'kernel'] } as const;
const polled = textParameters('no_track_activity');

export const kernelRoutes: readonly RouteRow[] = [
  {
    id: 'kernels.list',
    methods: ['GET'],
    pattern: '/api/kernels',
    asks: [{ res: 'kernels', act: 'read' }],
    query: polled,
    presentation: 'kernels',
  },
  {
    id: 'kernels.start',
    methods: ['POST'],
    pattern: '/api/kernels',
    asks: [
      { res: 'kernels', act: 'execute', path: 'notebook', creates: true },
      { res: 'kernelspecs', act: 'read' },
    ],
    body: readNewKernel,
    bodyParts: ['notebook'],
    presentation: 'kernel-created',
  },
  {
    id: 'kernels.get',
    methods: ['GET'],
    pattern: KERNEL,
    asks: [{ res: 'kernels', act: 'read', object: ['kernel', 'kernel'] }],
    query: polled,
    presentation: 'kernel',
  },
  {
    id: 'kernels.stop',
    methods: ['DELETE'],
    pattern: KERNEL,
    asks: [changeKernel],
    presentation: 'kernel-deleted',
  },
  {
    id: 'kernels.restart',
    methods: ['POST'],
    pattern: `${KERNEL}/restart`,
    asks: [changeKernel],
    body: noFields,
    presentation: 'kernel',
  },
  {
    id: 'kernels.interrupt',
    methods: ['POST'],
    pattern: `${KERNEL}/interrupt`,
    asks: [changeKernel],
    body: noFields,
  },
  {
    id: 'kernels.channels',
    methods: ['GET'],
    pattern: `${KERNEL}/channels`,
    transport: 'websocket',
    // To watch; what the client says is asked message by message.
    asks: [{ res: 'channels', act: 'read', object: ['kernel', 'kernel'] }],
    query: { session_id: /^[\w-]{1,64}$/ },
    socket: 'kernel',
  },
  {
    id: 'sessions.list',
    methods: ['GET'],
    pattern: '/api/sessions',
    asks: [{ res: 'sessions', act: 'read' }],
    query: polled,
    presentation: 'sessions',
  },
  {
    id: 'sessions.start',
    methods: ['POST'],
    pattern: '/api/sessions',
    asks: [
      { res: 'kernels', act: 'execute', path: 'notebook', creates: true },
      { res: 'sessions', act: 'write', path: 'notebook', creates: true },
      { res: 'kernelspecs', act: 'read' },
      { res: 'contents', act: 'read', path: 'notebook' },
      { res: 'kernels', act: 'execute', object: ['kernel', 'kernel'], when: 'kernel' },
      // The answer shows it.
      { res: 'kernels', act: 'read', object: ['kernel', 'kernel'], when: 'kernel' },
    ],
    body: readNewSession,
    bodyParts: ['notebook', 'kernel', 'kernel_name'],
    presentation: 'session-created',
  },
  {
    id: 'sessions.get',
    methods: ['GET'],
    pattern: SESSION,
    asks: [{ res: 'sessions', act: 'read', object: ['session', 'session'] }],
    query: polled,
    presentation: 'session',
  },
  {
    id: 'sessions.change',
    methods: ['PATCH'],
    pattern: SESSION,
    asks: [
      { res: 'sessions', act: 'write', object: ['session', 'session'] },
      { res: 'contents', act: 'read', path: 'notebook', when: 'notebook' },
      { res: 'kernels', act: 'execute', path: 'notebook', creates: true, when: 'notebook' },
      { res: 'kernels', act: 'execute', object: ['kernel', 'kernel'], when: 'kernel' },
      // A kernel started in the place of another runs where the session is.
      { res: 'kernels', act: 'execute', object: ['session', 'session'], when: 'kernel_name' },
      { res: 'kernelspecs', act: 'read', when: 'kernel_name' },
    ],
    body: readSessionChange,
    bodyParts: ['notebook', 'kernel', 'kernel_name'],
    presentation: 'session-changed',
  },
  {
    // Ends its kernel too, even when other sessions use it.
    id: 'sessions.delete',
    methods: ['DELETE'],
    pattern: SESSION,
    asks: [{ res: 'sessions', act: 'write', object: ['session', 'session'] }],
    presentation: 'session-deleted',
  },
];
