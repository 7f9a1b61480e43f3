/** The built gate as a process of its own, as an operator runs it: its log goes to a file. */
import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/package-root.ts';
import { createBrowser } from '../../test/support/sign-in/browser.ts';
import { pause } from './process-figures.ts';
import { ended, endsWithUs } from './workers.ts';

export interface GateOptions {
  readonly upstreamPort: number;
  /** Left out: a fresh one, removed at the end. */
  readonly data?: string;
  readonly flags?: readonly string[];
}

export interface BenchGate {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Milliseconds from the start of the process until it said that it is ready. */
  readonly startedIn: number;
  /** Calls the admin API as `gate:root`. Throws when it is refused. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Signs in as `name` with a link and gives the `Cookie` header of that browser. */
  signIn(name: string): Promise<string>;
  readonly stop: () => Promise<void>;
}

const TIMEOUT = 300_000;
const READY = 'Ctrl-C stops the gate';

/**
 * Throws with what it printed when it does not start. `BENCH_NODE_FLAGS` are given to Node, as `--cpu-prof --cpu-prof-dir=DIR`
 * to see where the time goes.
 */
export async function startGate({ upstreamPort, data, flags = [] }: GateOptions): Promise<BenchGate> {
  const directory = await mkdtemp(join(tmpdir(), 'gate-bench-'));
  const place = data ?? join(directory, 'data');
  const out = join(directory, 'out.log');
  const descriptor = openSync(out, 'w');
  const argv = ['serve', '--port', '0', '--admin-port', '0', '--data', place];
  const upstream = ['--upstream', `http://127.0.0.1:${upstreamPort}`];
  const model = ['--model', join(packageRoot(), 'model.conf')];
  const nodeFlags = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const since = performance.now();
  const child = spawn(
    process.execPath,
    [...nodeFlags, join(packageRoot(), 'bin', 'jupyter-gate.js'), ...argv, ...upstream, ...model, ...flags],
    {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, JUPYTER_GATE_UPSTREAM_TOKEN: 'bench' },
      stdio: ['ignore', descriptor, descriptor],
    },
  );
  closeSync(descriptor);
  endsWithUs(child);
  const printed = (): string => readFileSync(out, 'utf8').slice(0, 20_000);
  while (!printed().includes(READY)) {
    if (child.exitCode !== null || performance.now() - since > TIMEOUT)
      throw new Error(`the gate did not start:\n${printed()}`);
    await pause(3);
  }
  const startedIn = performance.now() - since;
  const url = new URL(/ready at (\S+)/.exec(printed())?.[1] ?? '').origin;
  const adminUrl = /admin API +(\S+)\/api\/v1/.exec(printed())?.[1] ?? '';
  const token = (await readFile(join(place, 'admin.token'), 'utf8')).trim();
  const admin = createAdminCall(`${adminUrl}/api/v1`, token);
  return {
    pid: child.pid ?? 0,
    port: Number(new URL(url).port),
    url,
    startedIn,
    admin,
    signIn: (name) => signIn(url, admin, name),
    async stop() {
      await ended(child);
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function createAdminCall(base: string, token: string): BenchGate['admin'] {
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the admin API answered ${response.status}: ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
}

async function signIn(url: string, admin: BenchGate['admin'], name: string): Promise<string> {
  const { url: link } = (await admin('POST', `/users/${name}/links`)) as { readonly url: string };
  const browser = createBrowser(url);
  const path = link.slice(new URL(link).origin.length);
  await browser.get(path);
  const { status } = await browser.post(path);
  if (status >= 400) throw new Error(`expected to be signed in, received ${status}`);
  return [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
}
