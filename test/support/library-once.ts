/**
 * A program that mounts a gate, answers one request and closes: it ends by itself only when `close()` left nothing.
 * Arguments: URL and token of a Jupyter Server.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { openLibraryApp } from './library-app.ts';

const [url = '', token = ''] = process.argv.slice(2);
const app = await openLibraryApp({ url, token });
app.koa.use(app.gate.middleware);
app.server.on('upgrade', app.gate.handleUpgrade);
const person = await app.person('ada', 'temporary');
const { status } = await app.as(person, 'GET', 'api/contents');
const kernel = (await (await app.as(person, 'POST', 'api/kernels', {})).json()) as { id: string };
const socket = new WebSocket(
  `${app.url.replace('http', 'ws')}/jupyter/api/kernels/${kernel.id}/channels?token=${person}`,
);
await once(socket, 'open');
const closed = once(socket, 'close');
await app.as(person, 'DELETE', `api/kernels/${kernel.id}`);
await app.close();
await closed;
process.stdout.write(`answered ${status}\n`);
