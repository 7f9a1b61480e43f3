/**
 * The server behind every proxy of the bench: as little as a Jupyter Server can be and still be taken for one. A real one
 * needs milliseconds for an answer, in which the difference between two proxies would drown.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { V1_PROTOCOL } from '../../src/inspect/v1-framing.ts';
import { work } from './work.ts';

export interface UpstreamOptions {
  /** Ids of the kernels it runs. */
  readonly kernels?: readonly string[];
}

export interface UpstreamReady {
  readonly port: number;
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const JSON_TYPE = { 'content-type': 'application/json' };

/** A file of 2 kB as the contents service shows it, spelt as Python spells JSON. */
const MODEL = Buffer.from(
  '{"name": "data.json", "path": "course/data.json", "last_modified": "2026-03-02T09:15:30.123456Z", ' +
    `"created": "2026-03-02T09:15:30.123456Z", "content": "${'x'.repeat(1700)}", "format": "text", ` +
    '"mimetype": "application/json", "size": 1700, "writable": true, "hash": null, "hash_algorithm": null, "type": "file"}',
);

const FIXED: Readonly<Record<string, unknown>> = {
  '/api': { version: '2.21.0' },
  '/api/status': {
    started: '2026-03-02T09:00:00Z',
    last_activity: '2026-03-02T09:00:00Z',
    connections: 0,
    kernels: 0,
  },
  '/api/sessions': [],
  '/api/terminals': [],
};

await work(async ({ kernels = [] }: UpstreamOptions) => {
  const list = kernels.map((id) => ({ id, name: 'python3', execution_state: 'idle', connections: 0 }));
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (path.startsWith('/files/')) void stream(response, Number.parseInt(path.slice('/files/'.length), 10));
    else if (path.startsWith('/api/contents/')) contents(request, response);
    else if (path === '/api/kernels') json(response, 200, list);
    else json(response, path in FIXED ? 200 : 404, FIXED[path] ?? {});
  });
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    handleProtocols: () => V1_PROTOCOL,
  });
  sockets.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('error', () => socket.terminate());
  });
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ready: { port: (server.address() as AddressInfo).port } satisfies UpstreamReady };
});

function contents(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET') {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': MODEL.length });
    response.end(MODEL);
    return;
  }
  request.resume();
  request.once('end', () => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': MODEL.length });
    response.end(MODEL);
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, JSON_TYPE);
  response.end(JSON.stringify(body));
}

async function stream(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
  for (let left = bytes; left > 0 && !response.destroyed; left -= CHUNK.length) {
    const more = response.write(left >= CHUNK.length ? CHUNK : CHUNK.subarray(0, left));
    if (!more) await once(response, 'drain');
  }
  response.end();
}
