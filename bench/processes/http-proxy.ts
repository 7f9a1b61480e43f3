/** http-proxy as its README sets it up, with connections to upstream kept open. */
import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { importPeer } from '../support/peers.ts';
import type { ProxyOptions, ProxyReady } from './plain-pipe.ts';
import { work } from './work.ts';

interface HttpProxy {
  readonly createProxyServer: (options: object) => {
    web(request: IncomingMessage, response: ServerResponse): void;
    ws(request: IncomingMessage, socket: Duplex, head: Buffer): void;
    on(event: 'error', listener: () => void): void;
  };
}

await work(async ({ upstreamPort }: ProxyOptions) => {
  const { createProxyServer } = await importPeer<HttpProxy>('http-proxy');
  const proxy = createProxyServer({
    target: `http://127.0.0.1:${upstreamPort}`,
    agent: new Agent({ keepAlive: true }),
  });
  proxy.on('error', () => undefined);
  const server = createServer((request, response) => proxy.web(request, response));
  server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ready: { port: (server.address() as AddressInfo).port } satisfies ProxyReady };
});
