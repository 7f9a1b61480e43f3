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
  shell_command: z
    .array(
      z
        .string()
        .max(4096)
        .regex(/^[^\0]*$/, 'expected no NUL'),
    )
    .min(1)
    .max(64)
    .nullish(),
});

/** Upstream hands the body to terminado as keyword arguments, and `shell_command` chooses the program that runs. */
const readNewTerminal: BodyReader = (body) => {
  if (body === undefined) return { body: undefined };
  refuseFields(body, ['extra_env'], 'would choose what runs: a terminal has the environment of the server');
  const { cwd, shell_command: command } = readFields(newTerminal, body);
  const directory = cwd ? canonicalPath(cwd) : ROOT_PATH;
  const below = directory === ROOT_PATH ? undefined : directory;
  return {
    body: {
      ...(below === undefined ? {} : { cwd: jupyterPath(below) }),
      ...(command ? { shell_command: command } : {}),
    },
    params: command ? { command: command[0] ?? '' } : {},
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
      // In place of the shell; of the roles there are, only `full` may.
      { res: 'server', act: 'execute', when: 'command' },
    ],
    body: readNewTerminal,
    bodyParts: ['directory', 'command'],
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
