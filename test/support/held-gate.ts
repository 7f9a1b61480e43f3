/** A whole gate whose decisions can be held up between the answer and what it lets happen, before an upstream that tells what reached it. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProxyServer } from '../../src/accept/server/create-proxy-server.ts';
import { withCleanups } from '../../src/app/cleanups.ts';
import { openAdmin } from '../../src/app/open-admin.ts';
import { openCore } from '../../src/app/open-core.ts';
import { openProxy } from '../../src/app/open-proxy.ts';
import { createSignInLinks } from '../../src/app/sign-in-links.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Judge } from '../../src/core/judge.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { createLog } from '../../src/record/log.ts';
import { gateClient } from './gate-client.ts';
import type { GateClient } from './gate-client.ts';

export interface HeldGate extends GateClient {
  /** `METHOD target` of what reached upstream, without what the gate asks for itself at its start. */
  readonly reached: string[];
  readonly adminUrl: string;
  /** Holds up the next decision on a request. */
  hold(): Held;
  stop(): Promise<void>;
}

export interface Held {
  /** Resolves when the decision was made and is waiting. */
  readonly decided: Promise<void>;
  readonly release: () => void;
}

/** Starts it; `flags` are added to the command line. */
export async function startHeldGate(...flags: string[]): Promise<HeldGate> {
  const data = await mkdtemp(join(tmpdir(), 'gate-held-'));
  const upstream = await startUpstream();
  const log = createLog({ level: 'silent' });
  const argv = ['--port', '0', '--admin-port', '0', '--data', data, '--upstream', upstream.origin, ...flags];
  const config = loadConfig({ argv, env: {}, cwd: packageRoot() });
  let waiting: { decided: () => void; released: Promise<void> } | undefined;

  function hold(): Held {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const decided = new Promise<void>((resolve) => (waiting = { decided: resolve, released }));
    return { decided, release };
  }

  const held = (judge: Judge): Judge => ({
    ...judge,
    async ask(questions, roles) {
      const verdicts = await judge.ask(questions, roles);
      const now = waiting;
      waiting = undefined;
      now?.decided();
      await now?.released;
      return verdicts;
    },
  });

  return withCleanups(log, async (cleanups) => {
    cleanups.add('directory', () => rm(data, { recursive: true, force: true }));
    cleanups.add('upstream', () => upstream.close());
    const io = { env: {}, cwd: packageRoot(), clock: systemClock, log, progress: () => {} };
    const core = await openCore(config, io, cleanups);
    const proxy = openProxy(config, { ...core, judge: held(core.judge) }, { cleanups });
    const server = createProxyServer({ ...proxy.handlers, config });
    const { port } = await server.listen(0, '127.0.0.1');
    cleanups.add('proxy listener', () => server.close(100));
    const url = proxy.openedAt(port);
    const links = createSignInLinks(`${url}/`, core, config);
    const adminUrl = await openAdmin(config, { core, classifier: proxy.classifier, links, cleanups });
    const token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
    upstream.reached.splice(0);
    const client = gateClient({ url, adminUrl, token, notebooks: data });
    return { ...client, adminUrl, reached: upstream.reached, hold, stop: () => cleanups.run() };
  });
}

/** Answers what is read without an end, and takes no socket. */
async function startUpstream(): Promise<{ origin: string; reached: string[]; close(): void }> {
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    request.resume();
    const isEndless = request.url?.startsWith('/files') === true;
    response.setHeader('content-type', isEndless ? 'application/octet-stream' : 'application/json');
    if (isEndless) response.write('the beginning');
    else response.end('{"version":"2.17.0"}');
  });
  server.on('upgrade', (request, socket) => {
    reached.push(`${request.method} ${request.url}`);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
