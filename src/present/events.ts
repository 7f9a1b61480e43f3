/**
 * Frames of the event socket (`/api/events/subscribe`), which tells everybody about everybody's files, kernels and rooms.
 * A person hears of what they may read, and of an event only the fields its schema has.
 */
import type { Documents } from '../core/documents.ts';
import type { Asker } from './presenter.ts';
import { pathOrNone } from './ownership.ts';
import { isObject } from './reply.ts';
import type { JsonObject } from './reply.ts';

interface Hearing {
  readonly asker: Asker;
  readonly documents: Documents;
}

interface EventKind {
  /** Fields of the schema that are passed on. */
  readonly fields: readonly string[];
  /** Whether everything the event is about may be read. */
  readonly mayHear: (event: JsonObject, hearing: Hearing) => Promise<boolean>;
}

/** What jupyter_events adds to each event (jupyter_events/logger.py, `emit`), and the socket. */
const ENVELOPE = ['schema_id', '__timestamp__', '__schema__', '__schema_version__', '__metadata_version__'];
const SERVER = 'https://events.jupyter.org/jupyter_server/';
const COLLABORATION = 'https://schema.jupyter.org/jupyter_collaboration/';

/** Every schema whose subject can be asked about; events of others are about nothing the gate knows. */
const KINDS: ReadonlyMap<unknown, EventKind> = new Map<string, EventKind>([
  [`${SERVER}contents_service/v1`, { fields: ['action', 'path', 'source_path'], mayHear: mayReadPaths }],
  [
    `${SERVER}kernel_actions/v1`,
    {
      fields: ['action', 'kernel_id', 'kernel_name', 'status', 'status_code', 'msg'],
      mayHear: mayReadKernel,
    },
  ],
  [
    `${COLLABORATION}session/v1`,
    { fields: ['level', 'room', 'path', 'action', 'msg'], mayHear: mayReadSession },
  ],
  [
    `${COLLABORATION}awareness/v1`,
    { fields: ['roomid', 'username', 'action'], mayHear: ({ roomid }, hearing) => mayRead(roomid, hearing) },
  ],
  [
    `${COLLABORATION}fork/v1`,
    { fields: ['fork_roomid', 'fork_info', 'username', 'action'], mayHear: mayReadFork },
  ],
]);

/** The frame as this person may see it, re-serialised from what was checked; undefined drops it. */
export async function filterEvent(
  text: string,
  asker: Asker,
  documents: Documents,
): Promise<string | undefined> {
  const event = parse(text);
  const kind = KINDS.get(event?.['schema_id']);
  if (event === undefined || kind === undefined) return undefined;
  if (!(await kind.mayHear(event, { asker, documents }))) return undefined;
  const kept = Object.entries(event).filter(
    ([name]) => ENVELOPE.includes(name) || kind.fields.includes(name),
  );
  return JSON.stringify(Object.fromEntries(kept));
}

async function mayReadPaths(event: JsonObject, { asker }: Hearing): Promise<boolean> {
  const paths = 'source_path' in event ? [event['path'], event['source_path']] : [event['path']];
  for (const path of paths.map(pathOrNone)) {
    if (path === '' || !(await asker.may('contents', 'read', path))) return false;
  }
  return true;
}

async function mayReadKernel(event: JsonObject, { asker }: Hearing): Promise<boolean> {
  const id = event['kernel_id'];
  return typeof id === 'string' && asker.mayObject('kernels', 'read', { kind: 'kernel', id });
}

/** Both what it says and what is behind its room: after a rename they are not the same. */
async function mayReadSession(event: JsonObject, hearing: Hearing): Promise<boolean> {
  return (await mayReadPaths({ path: event['path'] }, hearing)) && mayRead(event['room'], hearing);
}

async function mayReadFork(event: JsonObject, hearing: Hearing): Promise<boolean> {
  const info = event['fork_info'];
  return isObject(info) && mayRead(info['root_roomid'], hearing);
}

/** Whether this person may follow `room`. */
async function mayRead(room: unknown, { asker, documents }: Hearing): Promise<boolean> {
  if (typeof room !== 'string' || !(await asker.mayAnywhere('collaboration', 'read'))) return false;
  const path = await documents.pathOf({ kind: 'room', id: room });
  if (path === undefined || !(await asker.may('collaboration', 'read', path))) return false;
  return asker.may('contents', 'read', path);
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
