import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { expect } from 'chai';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';
import { AppError } from '../../../src/core/errors.ts';
import type { BridgeOptions, Forwarder, TunnelRequest } from '../../../src/forward/forwarder.ts';
import { Bench, CLIENT, codeOf, delay, echo, eventually } from '../../support/forward-servers.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const UPGRADED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Set-Cookie: username=x\r\nServer: Tornado\r\nSec-WebSocket-Extensions: permessage-deflate\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';

/** A bridge that shows text as `filter` has it, and hears nothing. */
function textOnly(filter: (text: string) => Promise<string | undefined>): BridgeOptions {
  return {
    isHeard: false,
    open: () => ({
      onServerMessage: (message) => (typeof message === 'string' ? filter(message) : undefined),
    }),
  };
}

/** What the front made of each upgrade, and what the upstream saw. */
interface Tunnels {
  readonly origin: string;
  readonly outcomes: Promise<unknown>[];
  readonly gate: AbortController;
}

const asItIs = (text: string): Promise<string> => Promise.resolve(text);

/** Messages come in one piece here. */
const textOf = (data: RawData): string => (data as Buffer).toString();

/** What the gate says when nothing could be sent on. */
function refuse(socket: Socket, { code }: { readonly code: string }): string {
  if (!socket.destroyed) socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n');
  return code;
}

describe('tunnelling a WebSocket', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.close());

  const front = (forwarder: Forwarder): Promise<Tunnels> =>
    bench.socketFront((asked, socket, head) =>
      forwarder.tunnel(asked, socket, head).catch((error: { code: string }) => refuse(socket, error)),
    );

  /** A WebSocket upstream that echoes, with what it was asked. */
  async function echoing(options: { readonly onSocket?: (socket: WebSocket) => void } = {}) {
    const server = new WebSocketServer({ noServer: true, perMessageDeflate: true });
    const requests: { readonly url: string | undefined; readonly headers: Record<string, unknown> }[] = [];
    const upstream = await bench.http(echo, (request, socket, head) => {
      requests.push({ url: request.url, headers: request.headers });
      server.handleUpgrade(request, socket, head, (accepted) => {
        accepted.on('error', () => undefined);
        accepted.on('message', (data, isBinary) => accepted.send(data, { binary: isBinary }));
        options.onSocket?.(accepted);
      });
    });
    return { ...upstream, requests };
  }

  function raw(origin: string, more = ''): Socket {
    const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write(
      'GET /api/kernels/k/channels?session_id=1 HTTP/1.1\r\nHost: lab.example\r\nConnection: Upgrade\r\n' +
        `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n${more}`,
    );
    return socket;
  }

  function websocket(
    origin: string,
    path = '/',
    options: { readonly headers?: Record<string, string> } = {},
  ): WebSocket {
    const socket = new WebSocket(
      origin.replace('http', 'ws') + path,
      ['v1.kernel.websocket.jupyter.org'],
      options,
    );
    socket.on('error', () => undefined);
    return socket;
  }

  it('carries text and bytes of every size both ways, and counts them', async () => {
    const { outcomes, origin } = await front(bench.forwarder(await echoing()));
    const client = websocket(origin);
    await once(client, 'open');
    expect([client.protocol, client.extensions]).to.deep.equal(['v1.kernel.websocket.jupyter.org', '']);
    for (const message of [Buffer.from('ä'), Buffer.alloc(3_000_000, 'x')]) {
      client.send(message);
      const [data] = (await once(client, 'message')) as [Buffer];
      expect(data.equals(message)).to.equal(true);
    }
    client.close();
    const result = (await outcomes[0]) as { status: number; bytes: number };
    expect(result.status).to.equal(101);
    expect(result.bytes).to.be.within(6_000_000, 6_001_000);
  });

  it('asks upstream with its own credentials and none of the browser', async () => {
    const upstream = await echoing();
    const { origin } = await front(bench.forwarder({ ...upstream, token: 'secret' }));
    const headers = {
      origin: 'https://lab.example',
      cookie: 'session=1',
      authorization: 'token mine',
      'x-forwarded-user': 'root',
    };
    const client = websocket(origin, '/api/kernels/%41/channels?session_id=a%20b', { headers });
    await once(client, 'open');
    client.close();
    expect(upstream.requests[0]?.url).to.equal('/api/kernels/%41/channels?session_id=a%20b');
    expect(upstream.requests[0]?.headers).to.include({
      authorization: 'token secret',
      'x-forwarded-user': 'ada',
    });
    expect(upstream.requests[0]?.headers).not.to.have.any.keys(
      'origin',
      'cookie',
      'sec-websocket-extensions',
    );
  });

  it('answers the handshake without cookies, extensions or anything else of upstream', async () => {
    const upstream = await bench.net((socket) => {
      socket.once('data', () => socket.end(UPGRADED));
    });
    const { origin } = await front(bench.forwarder(upstream));
    const client = raw(origin);
    const head = String(await client.toArray());
    client.end();
    expect(head.toLowerCase().split('\r\n').toSorted()).to.deep.equal([
      '',
      '',
      'connection: upgrade',
      'http/1.1 101 switching protocols',
      'sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=',
      'upgrade: websocket',
    ]);
  });

  it('carries what either end said before the other was ready', async () => {
    let received = '';
    const upstream = await bench.net((socket) => {
      socket.once('data', () => {
        socket.on('data', (data) => (received += String(data)));
        socket.on('end', () => socket.end());
        socket.write(`${UPGRADED}early`);
      });
    });
    const { origin, outcomes } = await front(bench.forwarder(upstream));
    const client = raw(origin, 'hasty');
    let answered = '';
    client.on('data', (data) => (answered += String(data)));
    await eventually(
      () => void expect([received, answered.endsWith('\r\n\r\nearly')]).to.deep.equal(['hasty', true]),
    );
    client.destroy();
    expect(await outcomes[0]).to.deep.equal({ status: 101, bytes: 10 });
  });

  for (const end of ['client', 'upstream'] as const) {
    it(`passes on a close code of the ${end}`, async () => {
      let theirs: Promise<unknown[]> | undefined;
      const upstream = await echoing({
        onSocket: (socket) => {
          theirs = once(socket, 'close');
          if (end === 'upstream') socket.close(4001, 'gone');
        },
      });
      const { origin, outcomes } = await front(bench.forwarder(upstream));
      const client = websocket(origin);
      const ours = once(client, 'close');
      await once(client, 'open');
      if (end === 'client') client.close(4001, 'gone');
      const [code, reason] = (await (end === 'client' ? theirs : ours)) as [number, Buffer];
      expect([code, String(reason)]).to.deep.equal([4001, 'gone']);
      await outcomes[0];
    });
  }

  it('passes on a reset of upstream', async () => {
    const upstream = await bench.net((socket) => {
      socket.once('data', () => {
        socket.write(UPGRADED);
        setTimeout(() => socket.resetAndDestroy(), 50);
      });
    });
    const { origin, outcomes } = await front(bench.forwarder(upstream));
    const client = raw(origin);
    client.resume();
    const [error] = (await once(client, 'error')) as [{ code: string }];
    expect(error.code).to.equal('ECONNRESET');
    await outcomes[0];
  });

  it('passes on a reset of the client', async () => {
    let error: unknown;
    const upstream = await bench.net((socket) => {
      socket.once('data', () => socket.write(UPGRADED));
      socket.on('error', (reason: { code?: string }) => (error = reason.code));
    });
    const { origin, outcomes } = await front(bench.forwarder(upstream));
    const client = raw(origin);
    await once(client, 'data');
    client.resetAndDestroy();
    await outcomes[0];
    await eventually(() => void expect(error).to.equal('ECONNRESET'));
  });

  it('lets one end finish what it has to say after the other has ended', async () => {
    const upstream = await bench.net((socket) => {
      socket.once('data', () => {
        socket.write(UPGRADED);
        socket.on('end', () => setTimeout(() => socket.end('last words'), 50));
        socket.resume();
      });
    });
    const { origin, outcomes } = await front(bench.forwarder(upstream));
    const client = raw(origin);
    await once(client, 'data');
    client.end();
    expect(String(await client.toArray())).to.equal('last words');
    expect(await outcomes[0]).to.deep.equal({ status: 101, bytes: 10 });
  });

  it('waits for an end that does not read', async () => {
    let written = 0;
    const upstream = await bench.net((socket) => {
      socket.once('data', () => {
        socket.write(UPGRADED);
        const more = (): void => {
          while (!socket.destroyed) {
            written += 65536;
            if (!socket.write(Buffer.alloc(65536))) return void socket.once('drain', more);
          }
        };
        more();
      });
    });
    const { origin, outcomes } = await front(bench.forwarder(upstream));
    const client = raw(origin);
    client.pause();
    await eventually(async () => {
      const seen = written;
      await delay(100);
      expect(written)
        .to.equal(seen)
        .and.to.be.within(65536, 32 * 1024 * 1024);
    });
    client.destroy();
    await outcomes[0];
  });

  it('is closed at both ends by the signal', async () => {
    let theirs: Promise<unknown[]> | undefined;
    const upstream = await echoing({ onSocket: (socket) => void (theirs = once(socket, 'close')) });
    const { origin, outcomes, gate } = await front(bench.forwarder(upstream));
    const client = websocket(origin);
    await once(client, 'open');
    gate.abort(new AppError('DENIED_BY_POLICY'));
    expect(((await once(client, 'close')) as [number])[0]).to.equal(1006);
    expect(((await theirs) as [number])[0]).to.equal(1006);
    await outcomes[0];
  });

  it('is closed when the forwarder closes', async () => {
    const forwarder = bench.forwarder(await echoing());
    const { origin, outcomes } = await front(forwarder);
    const client = websocket(origin);
    await once(client, 'open');
    await forwarder.close();
    await once(client, 'close');
    await outcomes[0];
  });

  describe('that upstream does not open', () => {
    async function refusal(forwarder: Forwarder): Promise<unknown> {
      const { origin, outcomes } = await front(forwarder);
      const client = raw(origin);
      const answer = String(await client.toArray());
      client.end();
      expect(answer).to.match(/^HTTP\/1\.1 502 /);
      return outcomes[0];
    }

    it('is refused with nothing sent before', async () => {
      const { origin } = await bench.http(echo, (_request, socket) =>
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\nno'),
      );
      expect(await refusal(bench.forwarder({ origin }))).to.equal('UPSTREAM_FAILED');
    });

    it('names the status in the detail', async () => {
      const { origin } = await bench.http((_request, response) => response.writeHead(404).end('none'));
      const { origin: at } = await bench.http(echo, (request, socket, head) => {
        const signal = new AbortController().signal;
        const asked: TunnelRequest = {
          target: '/',
          headers: request.headers,
          client: CLIENT,
          subject: 'ada',
          signal,
        };
        bench
          .forwarder({ origin })
          .tunnel(asked, socket, head)
          .catch((error: AppError) => socket.end(String(error.detail)));
      });
      const client = raw(at);
      expect(String(await client.toArray())).to.contain('404');
      client.end();
    });

    it('is unreachable, times out, or has failed', async () => {
      const { server, origin } = await bench.net(() => undefined);
      await new Promise((resolve) => server.close(resolve));
      expect(await refusal(bench.forwarder({ origin }))).to.equal('UPSTREAM_UNREACHABLE');
      const mute = await bench.net((socket) => socket.resume());
      expect(await refusal(bench.forwarder(mute, { headersTimeout: 100 }))).to.equal('UPSTREAM_TIMEOUT');
      const rude = await bench.net((socket) => socket.resume().end('nonsense'));
      expect(await refusal(bench.forwarder(rude))).to.equal('UPSTREAM_FAILED');
    });

    it('is given up when the client leaves first', async () => {
      let closed = false;
      const mute = await bench.net((socket) =>
        socket
          .resume()
          .once('close', () => (closed = true))
          .on('end', () => socket.end()),
      );
      const { origin, outcomes } = await front(bench.forwarder(mute, { headersTimeout: 5000 }));
      const client = raw(origin);
      await delay(50);
      client.resetAndDestroy();
      await eventually(() => void expect(closed).to.equal(true));
      expect(await outcomes[0]).to.equal('CLIENT_GONE');
    });

    it('is not even asked for when the signal was aborted', async () => {
      let seen = 0;
      const upstream = await bench.net(() => seen++);
      const { origin, outcomes, gate } = await front(bench.forwarder(upstream));
      gate.abort(new AppError('STOPPING'));
      const client = raw(origin);
      await client.toArray();
      client.end();
      expect(await outcomes[0]).to.equal('STOPPING');
      expect(seen).to.equal(0);
    });
  });

  describe('as a bridge', () => {
    const bridge = (
      forwarder: Forwarder,
      onServerText: (text: string) => Promise<string | undefined>,
    ): Promise<Tunnels> =>
      bench.socketFront((asked, socket, head) =>
        forwarder
          .bridge(asked, socket, head, textOnly(onServerText))
          .catch((error: { code: string }) => refuse(socket, error)),
      );

    it('shows what the filter makes of each message, and lets nothing of the client through', async () => {
      const heard: string[] = [];
      const upstream = await echoing({
        onSocket: (socket) => {
          socket.on('message', (data) => heard.push(textOf(data)));
          for (const text of ['one', 'secret', 'two']) socket.send(text);
          socket.send(Buffer.from('binary'));
          socket.send('three');
        },
      });
      const filter = async (text: string): Promise<string | undefined> => {
        // What comes first takes longest, and is still shown first.
        await delay(text === 'one' ? 30 : 0);
        return text === 'secret' ? undefined : text.toUpperCase();
      };
      const { origin, outcomes } = await bridge(bench.forwarder({ ...upstream, token: 'secret' }), filter);
      const seen: string[] = [];
      const client = websocket(origin, '/api/events/subscribe?x=%20');
      client.on('message', (data) => seen.push(textOf(data)));
      await once(client, 'open');
      client.send('hello');
      await eventually(() => void expect(seen).to.deep.equal(['ONE', 'TWO', 'THREE']));
      client.close(4002);
      expect(await outcomes[0]).to.deep.equal({ status: 101, bytes: 11 });
      expect(heard).to.deep.equal([]);
      expect(upstream.requests[0]?.url).to.equal('/api/events/subscribe?x=%20');
      expect(upstream.requests[0]?.headers).to.include({ authorization: 'token secret' });
    });

    it('passes on how upstream closed', async () => {
      const upstream = await echoing({ onSocket: (socket) => socket.close(4003, 'over') });
      const { origin, outcomes } = await bridge(bench.forwarder(upstream), asItIs);
      const client = websocket(origin);
      const [code, reason] = (await once(client, 'close')) as [number, Buffer];
      expect([code, String(reason)]).to.deep.equal([4003, 'over']);
      await outcomes[0];
    });

    it('closes, showing nothing, when the filter fails', async () => {
      const upstream = await echoing({ onSocket: (socket) => socket.send('secret') });
      const { origin, outcomes } = await bridge(bench.forwarder(upstream), () =>
        Promise.reject(new Error('defect')),
      );
      const client = websocket(origin);
      let seen = 0;
      client.on('message', () => seen++);
      const [code] = (await once(client, 'close')) as [number];
      expect([code, seen]).to.deep.equal([1011, 0]);
      await outcomes[0];
    });

    it('makes upstream wait for a client that does not read', async () => {
      let unsent: () => number = () => 0;
      const upstream = await echoing({
        onSocket: (socket) => {
          unsent = () => socket.bufferedAmount;
          for (let i = 0; i < 40; i++) socket.send('x'.repeat(1024 * 1024));
        },
      });
      const { origin, outcomes } = await bridge(bench.forwarder(upstream), asItIs);
      const client = raw(origin);
      client.pause();
      await once(client, 'readable');
      await delay(800);
      expect(unsent()).to.be.greaterThan(10 * 1024 * 1024);
      client.resume();
      await eventually(() => void expect(unsent()).to.equal(0));
      client.destroy();
      await outcomes[0];
    });

    it('is refused with nothing sent before when upstream refuses', async () => {
      const { origin: at } = await bench.http((_request, response) => response.writeHead(403).end());
      const { origin, outcomes } = await bridge(bench.forwarder({ origin: at }), asItIs);
      const client = raw(origin);
      expect(String(await client.toArray())).to.match(/^HTTP\/1\.1 502 /);
      client.end();
      expect(await outcomes[0]).to.equal('UPSTREAM_FAILED');
    });

    it('is ended at both ends by the signal', async () => {
      let theirs: Promise<unknown[]> | undefined;
      const upstream = await echoing({ onSocket: (socket) => void (theirs = once(socket, 'close')) });
      const { origin, outcomes, gate } = await bridge(bench.forwarder(upstream), asItIs);
      const client = websocket(origin);
      await once(client, 'open');
      gate.abort();
      await once(client, 'close');
      await theirs;
      await outcomes[0];
    });

    it('asks for exactly the target it is given', async () => {
      const upstream = await echoing({ onSocket: (socket) => socket.close() });
      const { origin, outcomes } = await bridge(bench.forwarder(upstream), asItIs);
      const client = connect(Number(new URL(origin).port), '127.0.0.1');
      client.write(
        `GET /a/%2e%2e//b HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
      );
      await once(client, 'data');
      client.destroy();
      await outcomes[0];
      expect(upstream.requests[0]?.url).to.equal('/a/%2e%2e//b');
    });
  });

  it('never rejects with anything but an error of the table', async () => {
    const socket = new Socket().destroy();
    const signal = new AbortController().signal;
    const asked: TunnelRequest = { target: '/', headers: {}, client: CLIENT, subject: 'ada', signal };
    const forwarder = bench.forwarder(await echoing());
    expect(await codeOf(forwarder.tunnel(asked, socket, Buffer.alloc(0)))).to.equal('CLIENT_GONE');
    const shown = textOnly(asItIs);
    expect(await codeOf(forwarder.bridge(asked, socket, Buffer.alloc(0), shown))).to.equal('CLIENT_GONE');
  });
});
