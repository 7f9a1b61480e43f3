/** Other proxies in front of the same upstream, each a process of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProxyReady } from '../processes/plain-pipe.ts';
import { hasPeer, peerProgram } from './peers.ts';
import { pause } from './process-figures.ts';
import { ended, endsWithUs, startWorker } from './workers.ts';

export interface PeerProxy {
  readonly name: string;
  readonly port: number;
  /** All processes it consists of. */
  readonly pids: readonly number[];
  readonly stop: () => Promise<void>;
}

export async function startPlainPipe(upstreamPort: number): Promise<PeerProxy> {
  return fromWorker('plain node:http', 'plain-pipe', upstreamPort);
}

/** What the gate is made of, with nothing of the gate in it: what is left is what the gate itself costs. */
export async function startBareProxy(upstreamPort: number): Promise<PeerProxy> {
  return fromWorker('Koa and undici alone', 'bare-proxy', upstreamPort);
}

/** JupyterHub's; undefined where it is not installed. */
export async function startConfigurableHttpProxy(upstreamPort: number): Promise<PeerProxy | undefined> {
  if (!hasPeer('configurable-http-proxy/package.json')) return undefined;
  const [port, apiPort] = [await freePort(), await freePort()];
  const program = peerProgram('configurable-http-proxy', 'configurable-http-proxy');
  const target = `http://127.0.0.1:${upstreamPort}`;
  const address = [
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--api-ip',
    '127.0.0.1',
    '--api-port',
    String(apiPort),
  ];
  const child = spawn(
    process.execPath,
    [program, ...address, '--default-target', target, '--log-level', 'error'],
    { stdio: 'ignore', env: { PATH: process.env['PATH'], CONFIGPROXY_AUTH_TOKEN: 'bench' } },
  );
  endsWithUs(child);
  await listening(port);
  return { name: 'configurable-http-proxy', port, pids: [child.pid ?? 0], stop: () => ended(child) };
}

export async function startHttpProxy(upstreamPort: number): Promise<PeerProxy | undefined> {
  return hasPeer('http-proxy') ? fromWorker('http-proxy', 'http-proxy', upstreamPort) : undefined;
}

/** With one worker, a log, and connections to upstream kept open; undefined where it is not installed. */
export async function startNginx(upstreamPort: number): Promise<PeerProxy | undefined> {
  if (!hasNginx()) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'nginx-bench-'));
  const port = await freePort();
  const file = join(directory, 'nginx.conf');
  await writeFile(file, nginxConfiguration(directory, port, upstreamPort));
  const child = spawn('nginx', ['-c', file, '-p', directory], { stdio: 'ignore' });
  endsWithUs(child);
  await listening(port);
  const master = child.pid ?? 0;
  return {
    name: 'nginx',
    port,
    pids: [master, ...childrenOf(master)],
    async stop() {
      await ended(child, 'SIGQUIT');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function fromWorker(name: string, file: string, upstreamPort: number): Promise<PeerProxy> {
  const { pid, ready, stop } = await startWorker<ProxyReady>(file, { upstreamPort });
  return { name, port: ready.port, pids: [pid], stop };
}

function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function nginxConfiguration(directory: string, port: number, upstreamPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
events { worker_connections 4096; }
http {
  access_log ${directory}/access.log;
  ${temporary.join('\n  ')}
  upstream jupyter { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 100000000;
    location / { proxy_pass http://jupyter; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (answer) return;
    await pause(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}
