import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../../src/core/errors.ts';
import { closeFrame } from '../../../src/forward/farewell.ts';
import type { Forwarder } from '../../../src/forward/forwarder.ts';
import { FrameFollower } from '../../../src/forward/websocket/frame-follower.ts';
import { Bench, delay, echo, eventually } from '../../support/forward-servers.ts';

const REASON = 'Your right to run code here has ended.';
const UPGRADED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';

/** One unmasked binary frame with `length` bytes of payload. */
function frame(length: number): Buffer {
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const header = Buffer.alloc(2 + extended);
  header[0] = 0x82;
  header[1] = extended === 0 ? length : extended === 2 ? 126 : 127;
  if (extended === 2) header.writeUInt16BE(length, 2);
  if (extended === 8) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, Buffer.alloc(length, 'x')]);
}

describe('following frames', () => {
  it('knows every boundary however the bytes are cut', () => {
    const frames = [frame(0), frame(1), frame(125), frame(126), frame(65535), frame(65536), frame(3)];
    const masked = Buffer.concat([Buffer.from([0x81, 0x82, 1, 2, 3, 4, 5, 6])]);
    const stream = Buffer.concat([...frames, masked]);
    const ends = new Set<number>([0]);
    let at = 0;
    for (const one of [...frames, masked]) ends.add((at += one.length));
    for (const step of [1, 2, 3, 7, 64, 1000, 70_000]) {
      const follower = new FrameFollower();
      const wrong: number[] = [];
      // Half a million of them: `expect` only once for all.
      for (let from = 0; from < stream.length; from += step) {
        if (follower.atBoundary !== ends.has(from)) wrong.push(from);
        follower.pass(stream.subarray(from, from + step));
      }
      expect(wrong, `in steps of ${step}`).to.deep.equal([]);
      expect(follower.atBoundary).to.equal(true);
    }
  });

  it('stops at the first boundary', () => {
    const follower = new FrameFollower();
    expect(follower.passToBoundary(frame(9))).to.equal(0);
    follower.pass(frame(9).subarray(0, 5));
    expect(follower.passToBoundary(Buffer.concat([frame(9).subarray(5), frame(2)]))).to.equal(6);
    expect(follower.atBoundary).to.equal(true);
  });

  it('cuts a reason to what a control frame has room for, between characters', () => {
    const bytes = closeFrame({ code: 4403, reason: 'ä'.repeat(200) });
    expect(bytes.length).to.be.at.most(127);
    expect(bytes.subarray(4).toString()).to.match(/^ä+…$/);
  });
});

describe('a socket whose right ends', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.close());

  const end = (gate: AbortController): void => gate.abort(new AppError('ACCESS_ENDED', { detail: REASON }));

  function front(forwarder: Forwarder, how: 'tunnel' | 'bridge' = 'tunnel') {
    return bench.socketFront((asked, socket, head) =>
      how === 'tunnel'
        ? forwarder.tunnel(asked, socket, head)
        : forwarder.bridge(asked, socket, head, {
            isHeard: false,
            open: () => ({ onServerMessage: (message) => message }),
          }),
    );
  }

  async function upstreamSockets(onMessage: (text: string) => void = () => undefined) {
    const server = new WebSocketServer({ noServer: true });
    const sockets: WebSocket[] = [];
    const upstream = await bench.http(echo, (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (accepted) => {
        sockets.push(accepted);
        accepted.on('error', () => undefined);
        accepted.on('message', (data) => onMessage((data as Buffer).toString()));
      }),
    );
    return { ...upstream, sockets };
  }

  function raw(origin: string): Socket {
    const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write(
      'GET / HTTP/1.1\r\nHost: lab.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    return socket;
  }

  for (const how of ['tunnel', 'bridge'] as const) {
    it(`is closed with 4403 and the reason (${how}), and upstream with it`, async () => {
      const heard: string[] = [];
      const upstream = await upstreamSockets((text) => heard.push(text));
      const { origin, outcomes, gate } = await front(bench.forwarder(upstream), how);
      const client = new WebSocket(origin.replace('http', 'ws'));
      await once(client, 'open');
      await eventually(() => void expect(upstream.sockets).to.have.lengthOf(1));
      upstream.sockets[0]?.send('before');
      await once(client, 'message');
      const closed = once(client, 'close') as Promise<[number, Buffer]>;
      end(gate);
      client.send('after');
      const [code, reason] = await closed;
      expect([code, String(reason)]).to.deep.equal([4403, REASON]);
      await outcomes[0];
      await eventually(() => void expect(upstream.sockets[0]?.readyState).to.equal(WebSocket.CLOSED));
      expect(heard).to.deep.equal([]);
    });
  }

  it('is told that the gate stops', async () => {
    const { origin, gate } = await front(bench.forwarder(await upstreamSockets()));
    const client = new WebSocket(origin.replace('http', 'ws'));
    await once(client, 'open');
    gate.abort(new AppError('STOPPING'));
    const [code, reason] = (await once(client, 'close')) as [number, Buffer];
    expect([code, String(reason)]).to.deep.equal([1001, 'the gate is stopping']);
  });

  async function halfway(rest: (socket: Socket) => void) {
    const upstream = await bench.net((socket) => {
      socket.once('data', () => {
        socket.write(UPGRADED);
        socket.write(frame(1000).subarray(0, 600));
        rest(socket);
      });
    });
    const { origin, outcomes, gate } = await front(bench.forwarder(upstream));
    const client = raw(origin);
    const chunks: Buffer[] = [];
    const body = (): Buffer => Buffer.concat(chunks).subarray(UPGRADED.length);
    client.on('data', (chunk: Buffer) => chunks.push(chunk));
    await eventually(() => void expect(body().length).to.equal(600));
    return { client, body, outcomes, gate };
  }

  it('gets the rest of the frame it is in, nothing after it, and then the close frame', async () => {
    let send = (): void => undefined;
    const { client, body, outcomes, gate } = await halfway((socket) => {
      send = () => void socket.write(Buffer.concat([frame(1000).subarray(600), frame(50)]));
    });
    const ended = once(client, 'end');
    end(gate);
    send();
    await ended;
    const expected = Buffer.concat([frame(1000), closeFrame({ code: 4403, reason: REASON })]);
    expect(body().equals(expected)).to.equal(true);
    client.destroy();
    await outcomes[0];
  });

  it('is reset when the frame does not end in time', async () => {
    const { client, outcomes, gate } = await halfway(() => undefined);
    const broken = once(client, 'error') as Promise<[{ code: string }]>;
    const since = performance.now();
    end(gate);
    expect((await broken)[0].code).to.equal('ECONNRESET');
    expect(performance.now() - since).to.be.at.least(45);
    await outcomes[0];
  });

  it('is given up when the client does not answer the close frame', async () => {
    const upstream = await upstreamSockets();
    const { origin, outcomes, gate } = await front(bench.forwarder(upstream));
    const client = connect({ port: Number(new URL(origin).port), host: '127.0.0.1', allowHalfOpen: true });
    client.on('error', () => undefined);
    client.write(
      'GET / HTTP/1.1\r\nHost: lab.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(client, 'data');
    end(gate);
    const done = await Promise.race([outcomes[0], delay(5000)]);
    expect(done).to.include({ status: 101 });
    await eventually(() => void expect(upstream.sockets[0]?.readyState).to.equal(WebSocket.CLOSED));
    client.destroy();
  });
});
