/** A bridge that hears both ends: order, backpressure and how it ends. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../../src/core/errors.ts';
import type { BridgeHandlers } from '../../../src/forward/forwarder.ts';
import { Bench, CLIENT, delay, echo, eventually } from '../../support/forward-servers.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MEGABYTE = 1024 * 1024;

describe('a bridge that hears the client', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.close());

  /** A client and an upstream, with a bridge of these handlers between them. */
  async function connect(handlers: Partial<BridgeHandlers>): Promise<{
    client: WebSocket;
    upstream: WebSocket;
    heard: string[];
    seen: string[];
    gate: AbortController;
    outcome: () => Promise<unknown>;
  }> {
    const server = new WebSocketServer({ noServer: true });
    const heard: string[] = [];
    const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
    const behind = await bench.http(echo, (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (ws) => {
        ws.on('message', (data: Buffer, isBinary) =>
          heard.push(`${isBinary ? 'bytes' : 'text'} ${String(data)}`),
        );
        ws.on('error', () => undefined);
        server.emit('connection', ws);
      });
    });
    const forwarder = bench.forwarder(behind);
    const gate = new AbortController();
    let outcome: Promise<unknown> = Promise.resolve();
    const { origin } = await bench.http(echo, (request, socket, head) => {
      socket.on('error', () => undefined);
      outcome = forwarder
        .bridge(
          { target: '/', headers: request.headers, client: CLIENT, subject: 'ada', signal: gate.signal },
          socket,
          head,
          { isHeard: true, open: () => ({ onServerMessage: (message) => message, ...handlers }) },
        )
        .catch((error: AppError) => error.code);
    });
    const client = new WebSocket(origin.replace('http', 'ws'), { perMessageDeflate: false });
    client.on('error', () => undefined);
    const seen: string[] = [];
    client.on('message', (data: Buffer) => seen.push(String(data)));
    await once(client, 'open');
    const upstream = await accepted;
    bench.after(async () => {
      client.terminate();
      upstream.terminate();
      await outcome;
    });
    return { client, upstream, heard, seen, gate, outcome: () => outcome };
  }

  it('passes on and answers, in order, as text and as bytes', async () => {
    const { client, heard, seen } = await connect({
      onClientMessage: (message) => ({ toServer: message, toClient: ['a', Buffer.from('b')] }),
    });
    client.send('one');
    client.send(Buffer.from('two'));
    await eventually(() => void expect(heard).to.deep.equal(['text one', 'bytes two']));
    await eventually(() => void expect(seen).to.deep.equal(['a', 'b', 'a', 'b']));
  });

  it('keeps the order when an outcome takes a while, and goes on afterwards', async () => {
    const { client, heard } = await connect({
      onClientMessage: (message) =>
        message === 'slow'
          ? delay(50).then(() => ({ toServer: message, toClient: [] }))
          : { toServer: message, toClient: [] },
    });
    for (const text of ['1', 'slow', '2', 'slow', 'slow', '3']) client.send(text);
    const order = ['1', 'slow', '2', 'slow', 'slow', '3'].map((text) => `text ${text}`);
    await eventually(() => void expect(heard).to.deep.equal(order));
    client.send('4');
    await eventually(() => void expect(heard.at(-1)).to.equal('text 4'));
  });

  it('closes on a message that cannot be read, also one that is found out later', async () => {
    const unreadable = (): never => {
      throw new AppError('MESSAGE_INVALID');
    };
    for (const [handler, expected] of [
      [unreadable, 1007],
      [() => delay(5).then(unreadable), 1007],
      [() => Promise.reject(new Error('defect')), 1011],
    ] as const) {
      const { client, heard } = await connect({ onClientMessage: handler });
      client.send('x');
      client.send('never heard');
      const [code] = (await once(client, 'close')) as [number];
      expect([code, heard]).to.deep.equal([expected, []]);
    }
  });

  it('closes on a message that is too large', async () => {
    const { client, heard } = await connect({
      onClientMessage: (message) => ({ toServer: message, toClient: [] }),
    });
    client.send(Buffer.alloc(10 * MEGABYTE + 1));
    const [code] = (await once(client, 'close')) as [number];
    expect([code, heard]).to.deep.equal([1009, []]);
  });

  it('tells a client whose right ended', async () => {
    const { client, upstream, gate, outcome } = await connect({});
    const closed = once(upstream, 'close');
    gate.abort(new AppError('ACCESS_ENDED', { detail: 'gone' }));
    expect((await once(client, 'close'))[0]).to.equal(4403);
    await closed;
    await outcome();
  });

  it('passes pings on, so that a quiet connection does not look idle', async () => {
    const { client, upstream } = await connect({});
    const pinged = once(client, 'ping');
    upstream.ping();
    await pinged;
  });

  it('answers pings of either end', async () => {
    const { client, upstream } = await connect({});
    for (const end of [client, upstream]) {
      const answered = once(end, 'pong') as Promise<[Buffer]>;
      end.ping('are you there');
      expect(String((await answered)[0])).to.equal('are you there');
    }
  });

  it('passes on how the client closed', async () => {
    const { client, upstream, outcome } = await connect({});
    client.close(4002, 'enough');
    const [code, reason] = (await once(upstream, 'close')) as [number, Buffer];
    expect([code, String(reason)]).to.deep.equal([4002, 'enough']);
    await outcome();
  });

  it('ends both when a client sends what is no frame, and hears nothing more of it', async () => {
    for (const [bytes, expected] of [
      // Not masked, with a reserved bit, a text that is no UTF-8, a close code that none may send.
      [Buffer.from([0x81, 1, 0x78]), 1002],
      [Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0x78]), 1002],
      [Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
      [Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed]), 1002],
    ] as const) {
      const { client, upstream, heard, outcome } = await connect({
        onClientMessage: (message) => ({ toServer: message, toClient: [] }),
      });
      const gone = once(upstream, 'close');
      const closed = once(client, 'close') as Promise<[number]>;
      (Reflect.get(client, '_socket') as Socket).write(bytes);
      client.send('never heard');
      expect((await closed)[0]).to.equal(expected);
      await gone;
      expect(heard).to.deep.equal([]);
      await outcome();
    }
  });

  it('keeps the order of many messages that come and go in one piece', async () => {
    const { client, upstream, heard, seen } = await connect({
      onClientMessage: (message) => {
        const outcome = { toServer: message, toClient: [`re ${String(message)}`] };
        return String(message).endsWith('7') ? delay(1).then(() => outcome) : outcome;
      },
    });
    const socket = Reflect.get(client, '_socket') as Socket;
    const texts = Array.from({ length: 200 }, (_, index) => String(index));
    socket.cork();
    for (const text of texts) client.send(text);
    socket.uncork();
    await eventually(() => void expect(heard).to.deep.equal(texts.map((text) => `text ${text}`)));
    await eventually(() => void expect(seen).to.deep.equal(texts.map((text) => `re ${text}`)));
    const theirs = Reflect.get(upstream, '_socket') as Socket;
    seen.length = 0;
    theirs.cork();
    for (const text of texts) upstream.send(text);
    theirs.uncork();
    await eventually(() => void expect(seen).to.deep.equal(texts));
  });

  it('shows messages of every length whole and in their order', async () => {
    const { client, upstream } = await connect({});
    const messages = [0, 1, 125, 126, 16_383, 16_384, 16_385, 65_535, 65_536, 100].flatMap((length) => [
      Buffer.alloc(length, length % 251),
      'ä'.repeat(length / 2),
    ]);
    const shown: (string | Buffer)[] = [];
    client.on('message', (data: Buffer, isBinary) => shown.push(isBinary ? data : data.toString()));
    for (const message of messages) upstream.send(message);
    while (shown.length < messages.length) await once(client, 'message');
    expect(shown.map((message, at) => message.length - (messages[at]?.length ?? 0))).to.deep.equal(
      messages.map(() => 0),
    );
    expect(shown).to.deep.equal(messages);
  });

  it('needs no memory for a client that does not read', async () => {
    const { client, upstream } = await connect({});
    const message = Buffer.alloc(MEGABYTE / 4, 'x');
    client.pause();
    const before = await memory();
    await flood(upstream, () => upstream.send(message), (96 * MEGABYTE) / message.length);
    expect(upstream.bufferedAmount).to.be.above(0);
    expect((await memory()) - before).to.be.below(10 * MEGABYTE);
  });

  it('needs none for one that asks and does not read the answers', async () => {
    const answer = Buffer.alloc(16 * 1024, 'x');
    let asked = 0;
    const { client } = await connect({
      onClientMessage: () => {
        asked++;
        return { toClient: [answer, answer, answer, answer] };
      },
    });
    client.pause();
    const question = 'q'.repeat(300);
    await flood(client, () => client.send(question), 60_000);
    const before = asked;
    await delay(300);
    expect([asked < 3000, asked - before]).to.deep.equal([true, 0]);
  });

  it('needs none for one that pings and does not read the answers', async () => {
    const { client } = await connect({});
    client.pause();
    const before = await memory();
    const payload = Buffer.alloc(125, 'x');
    await flood(client, () => client.ping(payload), 400_000);
    expect(client.bufferedAmount).to.be.above(0);
    expect((await memory()) - before).to.be.below(10 * MEGABYTE);
  });

  it('needs none for an upstream that does not read', async () => {
    const { client, upstream } = await connect({
      onClientMessage: (message) => ({ toServer: message, toClient: [] }),
    });
    const message = Buffer.alloc(MEGABYTE / 4, 'x');
    upstream.pause();
    const before = await memory();
    await flood(client, () => client.send(message), (96 * MEGABYTE) / message.length);
    expect(client.bufferedAmount).to.be.above(0);
    expect((await memory()) - before).to.be.below(10 * MEGABYTE);
  });

  /** Sends as fast as the other side takes it, until it takes no more for half a second or `times` are sent. */
  async function flood(from: WebSocket, send: () => void, times: number): Promise<void> {
    let quiet = 0;
    for (let sent = 0; sent < times && quiet < 50;) {
      if (from.bufferedAmount > MEGABYTE / 2) {
        quiet++;
        await delay(10);
        continue;
      }
      quiet = 0;
      send();
      sent++;
    }
    await delay(100);
  }

  /** What is in use; the collector gives buffers back a little later than it finds them. */
  async function memory(): Promise<number> {
    collect();
    await delay(100);
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }
});
