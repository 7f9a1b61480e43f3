/** A server that asks nothing before it closes: the least that closing this many sockets takes, its clients included. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeFrame } from '../../src/forward/farewell.ts';
import { V1_PROTOCOL } from '../../src/inspect/v1-framing.ts';
import { work } from './work.ts';

/** RFC 6455 1.3. */
const KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const FRAME = closeFrame({ code: 4403, reason: 'Your right to run code here has ended.' });

await work(async () => {
  const open = new Set<Duplex>();
  const server = createServer((_request, response) => {
    for (const socket of open) socket.end(FRAME);
    response.end();
  });
  server.on('upgrade', ({ headers }, socket) => {
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key'] ?? ''}${KEY}`)
      .digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket'];
    const chosen = [`Sec-WebSocket-Accept: ${accept}`, `Sec-WebSocket-Protocol: ${V1_PROTOCOL}`];
    socket.write(`${[...head, ...chosen].join('\r\n')}\r\n\r\n`);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => undefined).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ready: { port: (server.address() as AddressInfo).port } };
});
