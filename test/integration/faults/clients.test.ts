/** Clients that behave badly, and a gate that is told to stop in the middle of it all. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { gateClient } from '../../support/gate-client.ts';
import type { GateClient } from '../../support/gate-client.ts';
import { processesOf, serve } from '../../support/gate-process.ts';
import type { GateProcess } from '../../support/gate-process.ts';
import { openSocket } from '../../support/jupyter-sockets.ts';
import { descriptorsOf, residentBytesOf } from '../../support/process-stat.ts';
import { until } from '../../support/until.ts';

const MEGABYTE = 1024 * 1024;
const BIG = 100 * MEGABYTE;
/** Idle connections to Jupyter, and what the runtime opens when it first needs it. */
const SLACK = 20;

describe('clients that behave badly', function () {
  this.timeout(240_000);
  let directory: string;
  let gate: GateProcess;
  let client: GateClient;
  let token: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gate-clients-'));
    const notebooks = join(directory, 'notebooks');
    const data = join(directory, 'data');
    await mkdir(notebooks);
    const big = await open(join(notebooks, 'big.bin'), 'w');
    await big.truncate(BIG);
    await big.close();
    gate = serve(directory, ['--data', data, '--notebook-dir', notebooks, '--headers-timeout', '3s']);
    const started = await gate.ready();
    const admin = readFileSync(join(data, 'admin.token'), 'utf8').trim();
    client = gateClient({ ...started, token: admin, notebooks });
    token = await client.person('patient', 'full');
    // The first requests open what stays open.
    for (let count = 0; count < 10; count += 1) await isAnswering();
  });
  after(async () => {
    gate?.signal('SIGKILL');
    await gate?.ended;
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  async function isAnswering(): Promise<void> {
    expect((await client.as(token, 'GET', '/api/contents')).status).to.equal(200);
  }

  async function raw(): Promise<Socket> {
    const { hostname, port } = new URL(client.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  const head = (line: string, ...fields: string[]): string =>
    [
      `${line} HTTP/1.1`,
      `Host: ${new URL(client.url).host}`,
      `Authorization: Bearer ${token}`,
      ...fields,
      '',
      '',
    ].join('\r\n');

  it('that never read what they asked for cost no memory', async () => {
    const before = residentBytesOf(gate.pid);
    const sockets = await Promise.all(Array.from({ length: 20 }, raw));
    for (const socket of sockets) socket.pause().write(head('GET /files/big.bin'));
    await until(async () => {
      const { items } = (await client.admin('GET', '/connections?subject=patient')).body;
      return items.length === sockets.length;
    }, 'all of them are under way');
    await delay(2000);
    await isAnswering();
    const grown = residentBytesOf(gate.pid) - before;
    expect(grown / MEGABYTE, 'megabytes for 2,000 that nobody reads').to.be.below(150);
    for (const socket of sockets) socket.destroy();
    await until(async () => {
      const { items } = (await client.admin('GET', '/connections?subject=patient')).body;
      return items.length === 0;
    }, 'none of them is left');
  });

  it('that send a byte at a time are cut off, and hold up nobody', async () => {
    const sockets = await Promise.all(Array.from({ length: 50 }, raw));
    let left = sockets.length;
    for (const socket of sockets) {
      socket.once('close', () => (left -= 1));
      socket.resume();
    }
    const line = Buffer.from(head('GET /api/contents'));
    let sent = 0;
    const dripping = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write(line.subarray(sent, sent + 1));
      sent += 1;
    }, 500);
    try {
      await isAnswering();
      await until(async () => {
        await isAnswering();
        return left === 0;
      }, 'all of them are cut off');
      expect(sent, 'before the head was complete').to.be.below(line.length);
    } finally {
      clearInterval(dripping);
    }
  });

  it('that connect and vanish, 2,000 of them, leave nothing behind', async () => {
    const before = descriptorsOf(gate.pid);
    const beginnings = [
      '',
      'GET /api/cont',
      head('GET /api/contents'),
      head('GET /files/big.bin'),
      `${head('PUT /api/contents/up.bin', 'Content-Type: application/json', 'Content-Length: 100000')}{"type"`,
      head(
        'GET /api/events/subscribe',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ),
    ];
    for (let batch = 0; batch < 20; batch += 1) {
      const sockets = await Promise.all(Array.from({ length: 100 }, raw));
      for (const [index, socket] of sockets.entries()) {
        const beginning = beginnings[index % beginnings.length] ?? '';
        if (beginning !== '') socket.write(beginning);
      }
      await delay(20);
      for (const [index, socket] of sockets.entries()) {
        if (index % 2 === 0) socket.destroy();
        else socket.resetAndDestroy();
      }
    }
    await isAnswering();
    await until(
      () => descriptorsOf(gate.pid) <= before + SLACK,
      `the descriptors are about the ${before} of before`,
    );
    await until(
      async () => (await client.admin('GET', '/connections')).body.items.length === 0,
      'none is left',
    );
  });

  it('do not keep it from stopping: 500 sockets are told, and nothing is left', async () => {
    const sockets: WebSocket[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const opened = Array.from({ length: 50 }, () =>
        openSocket(client.url, '/api/events/subscribe', { token }),
      );
      sockets.push(...(await Promise.all(opened)).map(({ ws }) => ws));
    }
    const codes = sockets.map(async (socket) => (await once(socket, 'close'))[0] as number);
    gate.signal('SIGTERM');
    expect(new Set(await Promise.all(codes))).to.deep.equal(new Set([1001]));
    expect(await gate.ended).to.deep.equal({ code: 0, signal: null });
    expect(gate.err()).to.equal('');
    expect(processesOf(directory)).to.deep.equal([]);
  });
});
