/**
 * What looking into kernel messages costs: processor time for one 300-byte message and its echo, through the bridge with
 * an inspector and through the tunnel, measured in turns in one run. `npx tsx scripts/bench-messages.ts`
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import { createForwarder } from '../src/forward/create-forwarder.ts';
import { createInspector } from '../src/inspect/inspector.ts';
import { V1_PROTOCOL, v1Framing } from '../src/inspect/v1-framing.ts';

const ROUNDS = 7;
const MESSAGES = 20_000;
const SOCKETS = 16;

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Upstream and clients, in a process of their own so that only the gate's time is counted. */
async function otherEnds(): Promise<void> {
  const server = createServer();
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    handleProtocols: () => V1_PROTOCOL,
  });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(data));
  });
  const port = await listen(server);
  const message = v1Framing.encode({
    channel: 'shell',
    header: {
      msg_id: randomUUID(),
      msg_type: 'kernel_info_request',
      session: randomUUID(),
      username: '',
      version: '5.2',
    },
    parentHeader: {},
    metadata: {},
    content: { padding: 'x'.repeat(57) },
    buffers: [],
  }) as Buffer;
  process.send?.({ port, bytes: message.length });
  process.on('message', (gate) => {
    void drive(Number(gate), message).then(() => process.send?.('done'));
  });
}

async function drive(port: number, message: Buffer): Promise<void> {
  const each = MESSAGES / SOCKETS;
  const runs = Array.from({ length: SOCKETS }, async () => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, [V1_PROTOCOL], { perMessageDeflate: false });
    await once(client, 'open');
    for (let sent = 0; sent < each; sent++) {
      const heard = once(client, 'message');
      client.send(message);
      await heard;
    }
    client.close();
    await once(client, 'close');
  });
  await Promise.all(runs);
}

async function gateTo(port: number, way: 'tunnel' | 'bridge'): Promise<{ server: Server; port: number }> {
  const forwarder = createForwarder(
    { origin: `http://127.0.0.1:${port}` },
    { connectTimeout: 5000, headersTimeout: 5000 },
  );
  const { signal } = new AbortController();
  const client = { address: '127.0.0.1', origin: 'http://localhost', host: 'localhost', secure: false };
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const asked = { target: '/', headers: request.headers, client, subject: 'ada', signal };
    const carried =
      way === 'tunnel'
        ? forwarder.tunnel(asked, socket, head)
        : forwarder.bridge(asked, socket, head, {
            isHeard: true,
            open: (protocol) => {
              const inspector = createInspector(protocol, (message) => ({ pass: message }));
              return {
                onServerMessage: (message) => {
                  inspector.heard(message);
                  return message;
                },
                onClientMessage: (message) => inspector.inspect(message),
              };
            },
          });
    carried.catch((error: unknown) => {
      process.exitCode = 1;
      process.stderr.write(`${String(error)}\n`);
    });
  });
  return { server, port: await listen(server) };
}

async function measure(): Promise<void> {
  const ends = fork(fileURLToPath(import.meta.url), ['ends'], { execArgv: ['--import', 'tsx'] });
  const [{ port, bytes }] = (await once(ends, 'message')) as [{ port: number; bytes: number }];
  const gates = { tunnel: await gateTo(port, 'tunnel'), bridge: await gateTo(port, 'bridge') };
  const best = { tunnel: Infinity, bridge: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ['tunnel', 'bridge'] as const) {
      const before = process.cpuUsage();
      ends.send(gates[way].port);
      await once(ends, 'message');
      const { user, system } = process.cpuUsage(before);
      best[way] = Math.min(best[way], (user + system) / MESSAGES);
    }
  }
  const ratio = best.bridge / best.tunnel;
  process.stdout.write(
    `${bytes} bytes, ${SOCKETS} sockets, best of ${ROUNDS}: tunnel ${best.tunnel.toFixed(1)} µs, ` +
      `inspected ${best.bridge.toFixed(1)} µs for a round trip, ratio ${ratio.toFixed(2)}\n`,
  );
  ends.kill();
  for (const { server } of Object.values(gates)) server.close();
  process.exit();
}

await (process.argv[2] === 'ends' ? otherEnds() : measure());
