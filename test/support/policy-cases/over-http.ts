/** Policy cases against a running gate: raw targets over HTTP, upgrades over real sockets, and the entry read back from the log. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { dirname, join } from 'node:path';
import { filledIn } from '../policy-cases.ts';
import type { ExpectedEntry, PolicyCase, PolicyWorld } from '../policy-cases.ts';
import type { RunningGate } from '../running-gate.ts';
import { until } from '../store/until.ts';
import { openCredentials } from './credentials.ts';
import type { Credentials } from './credentials.ts';

export interface LoggedEntry extends ExpectedEntry {
  readonly id: string;
  readonly rules: readonly number[];
}

export interface PolicyOverHttp {
  /** Sends the case and waits for its entry; `status` is what the wire said. */
  send(each: PolicyCase): Promise<{ readonly status: number; readonly entry: LoggedEntry }>;
  /** Ids of the objects of the world. */
  readonly ids: Readonly<Record<string, string>>;
  /** What must never stand in the log. */
  readonly secrets: ReadonlySet<string>;
}

/** Long enough for a kernel to start on a machine with other work. */
const PATIENCE = 60_000;

/** Puts people, files and objects of `world` into the gate. */
export async function policyOverHttp(gate: RunningGate, world: PolicyWorld): Promise<PolicyOverHttp> {
  for (const fields of world.rules) {
    await gate.admin('POST', '/roles', { name: fields['sub'] });
    const added = await gate.admin('POST', '/rules', { fields });
    if (added.status !== 201) throw new Error(`rule not added: ${JSON.stringify(added.body)}`);
  }
  const credentials = await openCredentials(gate, world);
  for (const path of world.files) {
    if (path.endsWith('.ipynb')) await gate.writeNotebook(path, '1');
    else {
      await mkdir(dirname(join(gate.notebooks, path)), { recursive: true });
      await writeFile(join(gate.notebooks, path), 'text');
    }
  }
  const ids = await startObjects(gate, world, credentials);
  const seen = new Set<string>();

  async function entryOf(id: string | undefined): Promise<LoggedEntry> {
    let found: LoggedEntry | undefined;
    await until(() => {
      found = requestLines(gate.log).find((line) =>
        id === undefined ? line.status === 101 && !seen.has(line.id) : line.id === id,
      );
      return found !== undefined;
    }, PATIENCE);
    if (found === undefined) throw new Error('the gate wrote no entry');
    seen.add(found.id);
    return found;
  }

  return {
    ids,
    secrets: credentials.secrets,
    async send(each) {
      const sent = await send(gate.url, each, { ids, credentials });
      return { status: sent.status, entry: await entryOf(sent.id) };
    },
  };
}

function requestLines(log: readonly string[]): LoggedEntry[] {
  const nothing = { subject: '', route: '', res: '', act: '', path: '', own: '', rules: [] };
  return log
    .filter((line) => line.includes('"msg":"request"'))
    .map((line) => ({ ...nothing, ...(JSON.parse(line) as LoggedEntry) }));
}

/** Session, kernel or terminal as Jupyter answers a creation. */
interface Started {
  readonly id: string;
  readonly name?: string;
  readonly kernel?: { readonly id: string };
}

async function startObjects(
  gate: RunningGate,
  { objects }: PolicyWorld,
  { tokens }: Credentials,
): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {};
  const start = async (owner: string, path: string, body: unknown): Promise<Started> => {
    const response = await gate.as(tokens.get(owner), 'POST', path, body);
    if (response.status >= 300) throw new Error(`${path} answered ${response.status}`);
    return response.json() as Promise<Started>;
  };
  for (const [name, object] of Object.entries(objects)) {
    if (ids[name] !== undefined) continue;
    if ('unknown' in object) {
      ids[name] = object.unknown === 'terminal' ? 'nobodys' : '11111111-2222-4333-8444-555555555555';
    } else if ('terminal' in object) {
      ids[name] = (await start(object.owner, '/api/terminals', {})).name ?? '';
    } else if ('session' in object) {
      const path = object.session.slice(1);
      const session = { path, name: '', type: 'notebook', kernel: { name: 'python3' } };
      const started = await start(object.owner, '/api/sessions', session);
      ids[name] = started.id;
      ids[object.kernel] = started.kernel?.id ?? '';
    } else {
      const path = object.kernel.slice(1);
      ids[name] = (await start(object.owner, '/api/kernels', { name: 'python3', path })).id;
    }
  }
  return ids;
}

/** One request exactly as written: `fetch` would tidy the target up. */
function send(
  url: string,
  each: PolicyCase,
  { ids, credentials }: { readonly ids: Readonly<Record<string, string>>; readonly credentials: Credentials },
): Promise<{ readonly status: number; readonly id: string | undefined }> {
  const { verb, target, body } = filledIn(each, ids);
  const shown = credentials.present(each);
  const path =
    shown.query === '' ? target : `${target}${target.includes('?') ? '&' : '?'}token=${shown.query}`;
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  };
  const headers: OutgoingHttpHeaders = {
    ...(verb === 'WS' ? handshake : {}),
    ...shown.headers,
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
    ...each.headers,
  };
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      path,
      method: verb === 'WS' ? 'GET' : verb,
      headers,
      agent: false,
    });
    const answered = ({ statusCode = 0, headers: got }: IncomingMessage): void => {
      const id = got['x-request-id'];
      resolve({ status: statusCode, id: typeof id === 'string' ? id : undefined });
    };
    request.setTimeout(PATIENCE, () => request.destroy(new Error(`no answer to ${each.send}`)));
    request.on('response', (response) => {
      answered(response);
      response.on('error', () => undefined).resume();
    });
    request.on('upgrade', (response, socket) => {
      answered(response);
      socket.on('error', () => undefined).end();
    });
    request.on('error', reject);
    request.end(body);
  });
}
