/** A Jupyter Server with a token on a TCP port: the kind an operator names with `--upstream`, whose pages hold a secret. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { testTools } from './tools.ts';

export interface TokenJupyterOptions {
  /** `/` when left out. */
  readonly baseUrl?: string;
  /** Absolute path of `jupyter`; the pinned one when left out. */
  readonly command?: string;
  /** What `jupyter` runs: `lab` when left out. */
  readonly part?: 'lab' | 'server';
  /** Begins the name of the directory it lives in. */
  readonly prefix?: string;
  readonly flags?: readonly string[];
}

export interface TokenJupyter {
  readonly origin: string;
  readonly token: string;
  /** The home of the server; nothing else lies in it. */
  readonly home: string;
  /** The served directory. */
  readonly root: string;
  /** One request with the token. */
  fetch(method: string, target: string, body?: unknown): Promise<Response>;
  stop(): Promise<void>;
}

const NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

/** Starts it in a temporary directory with `a.ipynb`, `pub/b.ipynb` and `t.txt`; throws when it does not answer in a minute. */
export async function startTokenJupyter(
  token: string,
  {
    baseUrl = '/',
    command,
    part = 'lab',
    prefix = 'gate-jupyter-',
    flags: more = [],
  }: TokenJupyterOptions = {},
): Promise<TokenJupyter> {
  const home = await mkdtemp(join(tmpdir(), prefix));
  const runtime = join(home, 'runtime');
  const root = join(home, 'root');
  await Promise.all([mkdir(runtime), mkdir(join(root, 'pub'), { recursive: true })]);
  for (const name of ['a.ipynb', 'pub/b.ipynb']) await writeFile(join(root, name), JSON.stringify(NOTEBOOK));
  await writeFile(join(root, 't.txt'), 'hi');
  // jupyter_server 1.x writes down the port it was told, also when that is 0.
  const port = part === 'server' ? await freePort() : 0;
  const flags = [
    part,
    '--no-browser',
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--allow-root',
    `--ServerApp.root_dir=${root}`,
    `--ServerApp.base_url=${baseUrl}`,
    ...more,
  ];
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    JUPYTER_RUNTIME_DIR: runtime,
    // For kernelspecs of a test: looked up here before anywhere else.
    JUPYTER_PATH: join(home, 'data'),
    JUPYTER_TOKEN: token,
  };
  const child = spawn(command ?? testTools().jupyter.command, flags, { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  try {
    const origin = await waitForOrigin(runtime, baseUrl);
    const send: TokenJupyter['fetch'] = (method, target, body) =>
      fetch(origin + target, {
        method,
        headers: {
          authorization: `token ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    return { origin, token, home, root, fetch: send, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server writes its address into the runtime directory when it listens. */
async function waitForOrigin(runtime: string, baseUrl: string): Promise<string> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const found = (await readdir(runtime)).find((name) => /^jpserver-\d+\.json$/.test(name));
    const port = found === undefined ? undefined : await portIn(join(runtime, found));
    if (port !== undefined && (await answers(`http://127.0.0.1:${port}${baseUrl}api`)))
      return `http://127.0.0.1:${port}`;
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
  throw new Error('the Jupyter Server did not start within a minute');
}

async function portIn(path: string): Promise<number | undefined> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { port: number }).port;
  } catch {
    return undefined;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
