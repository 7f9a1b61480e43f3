/**
 * Terminals: jupyter_server_terminals. A terminal is a shell of the server's account, so opening one is `execute`.
 *
 * Params: `terminal` (its name).
 */
import { z } from 'zod';
import { ROOT_PATH, canonicalPath, jupyterPath } from '../../core/canonical-path.ts';
import { readFields, refuseFields } from '../body-fields.ts';
import { textParameters } from '../route.ts';
import type { BodyReader, RouteRow } from '../route.ts';

const newTerminal = z.strictObject({
  // Not passed on: the name of a terminal that is there would put a new one in its place, whoever has it open
  // (terminado, `new_named_terminal`). The server chooses, and clients go by the name in its answer.
  name: z
    .string()
    .regex(/^\w{1,64}$/, 'expected letters, digits and `_`')
    .nullish(),
  cwd: z.string().nullish(),
});

/** Upstream hands the body to terminado as keyword arguments, which would choose the program to run. */
const readNewTerminal: BodyReader = (body) => {
  if (body === undefined) return { body: undefined };
  refuseFields(
    body,
    ['shell_command', 'extra_env'],
    'would choose what runs: a terminal starts the shell of the server',
  );
  const { cwd } = readFields(newTerminal, body);
  const directory = cwd ? canonicalPath(cwd) : ROOT_PATH;
  const below = directory === ROOT_PATH ? undefined : directory;
  return {
    body: below === undefined ? {} : { cwd: jupyterPath(below) },
    paths: below === undefined ? {} : { directory: below },
  };
};

export const terminalRoutes: readonly RouteRow[] = [
  {
    id: 'terminals.list',
    methods: ['GET'],
    pattern: '/api/terminals',
    asks: [{ res: 'terminals', act: 'read' }],
    query: textParameters('no_track_activity'),
    presentation: 'terminals',
  },
  {
    id: 'terminals.start',
    methods: ['POST'],
    pattern: '/api/terminals',
    asks: [
      { res: 'terminals', act: 'execute', creates: true },
      { res: 'contents', act: 'read', path: 'directory', when: 'directory' },
    ],
    body: readNewTerminal,
    bodyParts: ['directory'],
    presentation: 'terminal-created',
  },
  {
    id: 'terminals.get',
    methods: ['GET'],
    pattern: String.raw`/api/terminals/{terminal:\w+}`,
    asks: [{ res: 'terminals', act: 'read', object: ['terminal', 'terminal'] }],
    query: textParameters('no_track_activity'),
    presentation: 'terminal',
  },
  {
    id: 'terminals.stop',
    methods: ['DELETE'],
    pattern: String.raw`/api/terminals/{terminal:\w+}`,
    asks: [{ res: 'terminals', act: 'write', object: ['terminal', 'terminal'] }],
    presentation: 'terminal-deleted',
  },
  {
    id: 'terminals.socket',
    methods: ['GET'],
    pattern: String.raw`/terminals/websocket/{terminal:\w+}`,
    transport: 'websocket',
    // To follow; what is typed is asked frame by frame.
    asks: [{ res: 'terminals', act: 'read', object: ['terminal', 'terminal'] }],
    socket: 'terminal',
  },
];
