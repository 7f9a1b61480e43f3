/** The plainest proxy Node can be: `node:http` in front, `node:http` behind, a pipe each way. Sockets: two tied together. */
import { once } from 'node:events';
import { Agent, createServer, request as ask } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { work } from './work.ts';

export interface ProxyOptions {
  readonly upstreamPort: number;
}

export interface ProxyReady {
  readonly port: number;
}

await work(async ({ upstreamPort }: ProxyOptions) => {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const upstream = ask({ host: '127.0.0.1', port: upstreamPort, method, path, headers, agent }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  });
  server.on('upgrade', (request, socket, head) => {
    const upstream = connect({ host: '127.0.0.1', port: upstreamPort, noDelay: true });
    const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
    upstream.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ready: { port: (server.address() as AddressInfo).port } satisfies ProxyReady };
});
