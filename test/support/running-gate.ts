/** A whole gate in front of a real Jupyter Server, on free ports and in a directory of its own, for the tests. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { startApp } from '../../src/app/start-app.ts';
import type { App } from '../../src/app/start-app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/record/log.ts';
import { testTools } from './tools.ts';

export interface AdminReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any; // eslint-disable-line typescript/no-explicit-any -- tests look into whatever came back
}

export interface RunningGate {
  readonly app: App;
  /** Origin of the proxy listener. */
  readonly url: string;
  readonly notebooks: string;
  readonly data: string;
  /** Lines of the gate's log so far. */
  readonly log: readonly string[];
  admin(method: string, path: string, body?: unknown): Promise<AdminReply>;
  /** Adds a person with these roles and gives an API token. */
  person(name: string, ...roles: string[]): Promise<string>;
  /** A one-time sign-in link of a person. */
  link(name: string): Promise<string>;
  /** One request with a token. */
  as(token: string | undefined, method: string, path: string, body?: unknown): Promise<Response>;
  writeNotebook(path: string, ...cells: string[]): Promise<void>;
  readNotebook(path: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts it; `flags` are added to the command line. */
export function startGate(...flags: string[]): Promise<RunningGate> {
  return startGateBefore(testTools().jupyter.command, flags);
}

/** The same before a Jupyter with jupyter-collaboration. */
export function startSharingGate(...flags: string[]): Promise<RunningGate> {
  return startGateBefore(testTools().collaboration.command, flags);
}

async function startGateBefore(jupyter: string, flags: readonly string[]): Promise<RunningGate> {
  const directory = await mkdtemp(join(tmpdir(), 'gate-test-'));
  const notebooks = join(directory, 'notebooks');
  const data = join(directory, 'data');
  const env = {
    ...inherited(),
    PATH: `${dirname(jupyter)}${delimiter}${inherited()['PATH'] ?? ''}`,
    HOME: directory,
  };
  const argv = ['--port', '0', '--admin-port', '0', '--data', data, '--notebook-dir', notebooks, ...flags];
  const config = loadConfig({ argv: withModel(argv), env: {}, cwd: directory });
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const app = await startApp(config, {
    env,
    cwd: packageRoot(),
    clock: systemClock,
    log,
    progress: () => {},
  });
  const token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
  return { ...handle({ app, token, notebooks }), notebooks, data, log: lines, stop };

  async function stop(): Promise<void> {
    await app.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function withModel(argv: readonly string[]): string[] {
  return argv.includes('--model') ? [...argv] : [...argv, '--model', join(packageRoot(), 'model.conf')];
}

function inherited(): Record<string, string | undefined> {
  return Object.fromEntries(['PATH', 'LANG', 'TZ'].map((name) => [name, process.env[name]]));
}

function handle({
  app,
  token,
  notebooks,
}: {
  app: App;
  token: string;
  notebooks: string;
}): Omit<RunningGate, 'notebooks' | 'data' | 'log' | 'stop'> {
  const url = new URL(app.url).origin;

  async function admin(method: string, path: string, body?: unknown): Promise<AdminReply> {
    const response = await fetch(`${app.adminUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  async function done(call: Promise<AdminReply>): Promise<AdminReply> {
    const reply = await call;
    if (reply.status >= 300)
      throw new Error(`the admin API answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return reply;
  }

  return {
    app,
    url,
    admin,
    async person(name, ...roles) {
      await done(admin('POST', '/users', { name }));
      for (const role of roles) await done(admin('PUT', `/users/${name}/roles/role:${role}`));
      return (await done(admin('POST', `/users/${name}/tokens`, {}))).body.token;
    },
    link: async (name) => (await done(admin('POST', `/users/${name}/links`))).body.url,
    as: (bearer, method, path, body) =>
      fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async writeNotebook(path, ...cells) {
      await mkdir(dirname(join(notebooks, path)), { recursive: true });
      await writeFile(join(notebooks, path), notebook(cells));
    },
    readNotebook: (path) => readFile(join(notebooks, path), 'utf8'),
  };
}

function notebook(cells: readonly string[]): string {
  return JSON.stringify({
    cells: cells.map((source, index) => ({
      cell_type: 'code',
      id: `cell-${index}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
