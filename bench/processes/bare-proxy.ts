/** Koa in front, undici behind, and nothing between: no proxy on these two can cost less. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { ProxyOptions, ProxyReady } from './plain-pipe.ts';
import { work } from './work.ts';

function passOn(response: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_controller, status, headers) => void response.writeHead(status, headers),
    onResponseData: (_controller, chunk) => void response.write(chunk),
    onResponseEnd: () => void response.end(),
    onResponseError: () => void response.destroy(),
  };
}

await work(async ({ upstreamPort }: ProxyOptions) => {
  const pool = new Pool(`http://127.0.0.1:${upstreamPort}`);
  const app = new Koa();
  app.use((ctx) => {
    ctx.respond = false;
    const { method = 'GET', url = '/', headers } = ctx.req;
    pool.dispatch({ method, path: url, headers }, passOn(ctx.res));
  });
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ready: { port: (server.address() as AddressInfo).port } satisfies ProxyReady };
});
