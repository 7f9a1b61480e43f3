import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { createProxyServer } from '../../../../src/accept/server/create-proxy-server.ts';
import type { ProxyServer, ProxyServerDeps } from '../../../../src/accept/server/create-proxy-server.ts';
import type { DecisionEntry } from '../../../../src/core/entry.ts';
import { note } from '../../../../src/accept/own-notes.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { Gate, HttpExchange, SocketExchange } from '../../../../src/gate/gate.ts';
import { createLog } from '../../../../src/record/log.ts';
import { connections, delay, eventually } from '../../../support/forward-servers.ts';
import { selfSigned } from '../../../support/self-signed.ts';

const CONFIG = {
  headersTimeout: 5000,
  maxConnections: 100,
  tlsCert: undefined,
  tlsKey: undefined,
  trustedProxies: [],
};
const HANDSHAKE = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

describe('the proxy listener', () => {
  let proxy: ProxyServer;
  let port: number;
  let handled: HttpExchange[];
  let upgraded: SocketExchange[];
  let recorded: DecisionEntry[];
  const clients = new Set<Socket>();

  beforeEach(() => {
    handled = [];
    upgraded = [];
    recorded = [];
  });

  afterEach(async () => {
    for (const client of clients) client.destroy();
    clients.clear();
    await proxy.close(1000);
    await eventually(async () => {
      expect(await connections(proxy.server), 'open connections').to.equal(0);
    });
  });

  async function start(gate: Partial<Gate> = {}, deps: Partial<ProxyServerDeps> = {}): Promise<void> {
    proxy = createProxyServer({
      gate: {
        handle: async (exchange) => {
          handled.push(exchange);
          await (gate.handle ?? (({ response }) => Promise.resolve(void response.end('gate'))))(exchange);
        },
        upgrade: async (exchange) => {
          upgraded.push(exchange);
          await (
            gate.upgrade ??
            (({ socket }) => Promise.resolve(void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')))
          )(exchange);
        },
      },
      clock: { now: () => 1234 },
      log: createLog({ level: 'silent' }),
      recorder: { record: (entry) => void recorded.push(entry) },
      ids: () => 'id-1',
      ...deps,
      config: { ...CONFIG, ...deps.config },
    });
    port = (await proxy.listen(0, '127.0.0.1')).port;
  }

  function raw(bytes: string): Socket {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    clients.add(socket);
    socket.on('error', () => undefined);
    socket.write(bytes);
    return socket;
  }

  /** Everything that is answered to `bytes` until the connection is closed. */
  async function saying(bytes: string): Promise<string> {
    const socket = raw(bytes);
    const answer = String(await socket.toArray());
    socket.end();
    return answer;
  }

  async function get(
    options: RequestOptions = {},
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
    const sent = httpRequest({ port, host: '127.0.0.1', agent: false, ...options });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: String(await response.toArray()),
    };
  }

  /** Resolves when the server has closed the connection, in whatever way. */
  function closed(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.once('end', () => socket.end()).resume();
    });
  }

  const codeIn = (answer: string): unknown =>
    (JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { code: unknown }).code;
  const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n\r\n`;

  describe('a request', () => {
    it('refuses an expectation it does not know in its own words, on the record', async () => {
      await start();
      for (const expected of ['foo', '100-continue, foo']) {
        recorded = [];
        const answer = await saying(
          `GET /api HTTP/1.1\r\nHost: a\r\nExpect: ${expected}\r\nConnection: close\r\n\r\n`,
        );
        expect(answer).to.match(/HTTP\/1\.1 400 [^]*"code":"HEADERS_INVALID"/);
        expect(recorded.map(({ code }) => code)).to.deep.equal(['HEADERS_INVALID']);
      }
      expect(handled).to.have.length(0);
    });

    it('lets an upload begin that waits to be told', async () => {
      await start({
        handle: async ({ request, response }) =>
          void response.writeHead(200).end(`got ${String(await request.toArray())}`),
      });
      const socket = raw(
        'PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n',
      );
      const [first] = (await once(socket, 'data')) as [Buffer];
      expect(String(first)).to.equal('HTTP/1.1 100 Continue\r\n\r\n');
      socket.end('body');
      expect(String(await socket.toArray())).to.match(/^HTTP\/1\.1 200 [^]*got body/);
    });

    it('reaches the gate with its id, its time, the client and its target untouched', async () => {
      await start();
      const { body } = await get({ path: '/a/%2e%2e//b?c=%zz' });
      expect(body).to.equal('gate');
      expect(handled[0]).to.include({ id: 'id-1', at: 1234 });
      expect(handled[0]?.client).to.include({ address: '127.0.0.1', origin: `http://127.0.0.1:${port}` });
      expect(handled[0]?.request.url).to.equal('/a/%2e%2e//b?c=%zz');
    });

    it('meets the pages of the gate first', async () => {
      const pages: ProxyServerDeps['pages'] = (clientOf) => async (ctx, next) => {
        if (ctx.path === '/gate/health') ctx.body = clientOf(ctx.req).address;
        else if (ctx.path === '/gate/fails') throw new AppError('LINK_INVALID');
        else await next();
      };
      await start({}, { pages });
      expect((await get({ path: '/gate/health' })).body).to.equal('127.0.0.1');
      expect((await get({ path: '/gate/fails' })).status).to.equal(410);
      expect((await get({ path: '/lab' })).body).to.equal('gate');
      expect(handled).to.have.length(1);
    });

    it('is answered as JSON with security headers when it is refused before the gate', async () => {
      await start();
      const { status, headers, body } = await get({ path: '/x', headers: { host: 'a@b' } });
      expect(status).to.equal(400);
      expect(JSON.parse(body))
        .to.have.all.keys('message', 'reason', 'code')
        .and.to.include({ code: 'HEADERS_INVALID' });
      expect(headers).to.include({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': 'id-1',
      });
    });

    it('is recorded once: here when it ends before the gate, otherwise by the gate', async () => {
      await start(
        {},
        {
          pages: () => (ctx, next) => {
            if (ctx.path !== '/gate/login') return next();
            note(ctx, { route: 'gate.login', subject: 'guest:1' });
            ctx.body = 'page';
            return undefined;
          },
        },
      );
      await get({ path: '/gate/login?link=secret' });
      await get({ path: '/lab' });
      await saying(lines('GET http://ada:secret@x/lab HTTP/1.1', 'Host: x', 'Connection: close'));
      await saying(lines('GET /api/kernels HTTP/1.1', 'Host: x', 'Connection: upgrade', 'Upgrade: h2c'));
      expect(
        recorded.map(({ route, subject, path, code, status, bytes }) => ({
          route,
          subject,
          path,
          code,
          status,
          bytes,
        })),
      ).to.deep.equal([
        {
          route: 'gate.login',
          subject: 'guest:1',
          path: '/gate/login',
          code: 'ALLOWED',
          status: 200,
          bytes: 4,
        },
        { route: '', subject: '', path: '', code: 'TARGET_INVALID', status: 400, bytes: recorded[1]?.bytes },
        { route: '', subject: '', path: '/api/kernels', code: 'UPGRADE_INVALID', status: 400, bytes: 0 },
      ]);
      expect(recorded[0]).to.include({ id: 'id-1', at: 1234, address: '127.0.0.1', method: 'GET' });
      expect(JSON.stringify(recorded)).not.to.contain('secret');
    });

    it('is answered 500 when the gate itself breaks, and broken off once it has begun to answer', async () => {
      await start({
        handle: ({ request, response }) => {
          if (request.url === '/late') response.write('half');
          return Promise.reject(new Error('secret defect'));
        },
      });
      const { status, body } = await get();
      expect([status, (JSON.parse(body) as { code: string }).code]).to.deep.equal([500, 'INTERNAL']);
      expect(body).not.to.contain('secret');
      expect(await get({ path: '/late' }).catch((error: { code: string }) => error.code)).to.equal(
        'ECONNRESET',
      );
    });

    it('tells the gate when the client goes away', async () => {
      await start({ handle: () => Promise.resolve() });
      const client = raw(lines('GET / HTTP/1.1', 'Host: x'));
      await eventually(() => void expect(handled).to.have.length(1));
      expect(handled[0]?.ending.reason).to.equal(undefined);
      client.destroy();
      await eventually(
        () =>
          void expect(handled[0]?.ending.reason)
            .to.be.instanceOf(AppError)
            .with.property('code', 'CLIENT_GONE'),
      );
    });

    it('ends nothing when it was answered', async () => {
      await start();
      await get();
      await delay(20);
      expect(handled[0]?.ending.reason).to.equal(undefined);
    });

    it('is refused when something in front has read its body', async () => {
      const pages: ProxyServerDeps['pages'] = () => async (ctx, next) => {
        for await (const chunk of ctx.req) void chunk;
        await next();
      };
      await start({}, { pages });
      const answer = await saying(
        lines('PUT / HTTP/1.1', 'Host: x', 'Connection: close', 'Content-Length: 3') + 'abc',
      );
      expect(codeIn(answer)).to.equal('BODY_CONSUMED');
    });

    for (const [what, head, code] of [
      ['an absolute target', ['GET http://other/ HTTP/1.1', 'Host: x'], 'TARGET_INVALID'],
      ['an asterisk target', ['OPTIONS * HTTP/1.1', 'Host: x'], 'TARGET_INVALID'],
      ['a fragment', ['GET /a#b HTTP/1.1', 'Host: x'], 'TARGET_INVALID'],
      ['a target that is not ASCII', ['GET /\u00e9 HTTP/1.1', 'Host: x'], 'TARGET_INVALID'],
      ['no host', ['GET / HTTP/1.1', 'Accept: x'], 'HEADERS_INVALID'],
      ['two hosts', ['GET / HTTP/1.1', 'Host: x', 'Host: y'], 'HEADERS_INVALID'],
      [
        'two credentials',
        ['GET / HTTP/1.1', 'Host: x', 'Authorization: token a', 'authorization: token b'],
        'HEADERS_INVALID',
      ],
      [
        'two origins',
        ['GET / HTTP/1.1', 'Host: x', 'Origin: http://a', 'Origin: http://b'],
        'HEADERS_INVALID',
      ],
      [
        'two lengths',
        ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 1'],
        'HEADERS_INVALID',
      ],
      [
        'another coding',
        ['POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: gzip, chunked'],
        'HEADERS_INVALID',
      ],
      [
        'chunks and a length',
        ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
        'HEADERS_INVALID',
      ],
      [
        'chunks before HTTP/1.1',
        ['POST / HTTP/1.0', 'Host: x', 'Transfer-Encoding: chunked'],
        'HEADERS_INVALID',
      ],
      ['a folded header', ['GET / HTTP/1.1', 'Host: x', 'X-A: 1', ' b'], 'HEADERS_INVALID'],
      ['a space before the colon', ['GET / HTTP/1.1', 'Host : x'], 'HEADERS_INVALID'],
      ['another version', ['GET / HTTP/2.0', 'Host: x'], 'HEADERS_INVALID'],
      ['a method that is none', ['FOO{} / HTTP/1.1', 'Host: x'], 'HEADERS_INVALID'],
      [
        'a head that is too large',
        ['GET / HTTP/1.1', 'Host: x', `X-A: ${'a'.repeat(20_000)}`],
        'HEADERS_INVALID',
      ],
      [
        'an upgrade that is not asked for properly',
        ['GET / HTTP/1.1', 'Host: x', 'Upgrade: websocket'],
        'UPGRADE_INVALID',
      ],
    ] as const) {
      it(`is refused with ${what}`, async () => {
        await start();
        const socket = raw('');
        socket.write(lines(...head), 'latin1');
        const [answer] = (await once(socket, 'data')) as [Buffer];
        expect(String(answer)).to.match(/^HTTP\/1\.1 400 /);
        expect(codeIn(String(answer))).to.equal(code);
        expect(handled).to.have.length(0);
      });
    }

    it('whose head does not arrive is answered and closed', async () => {
      await start({}, { config: { ...CONFIG, headersTimeout: 100 } });
      expect(codeIn(await saying('GET / HTTP/1.1\r\nHost: x\r\n'))).to.equal('HEADERS_INVALID');
    });

    it('whose body is broken is broken off instead of answered in the middle of an answer', async () => {
      await start({
        handle: ({ response }) => {
          response.write('answer');
          return Promise.resolve();
        },
      });
      const answer = await saying(
        `${lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked')}zz\r\n`,
      );
      expect(answer).not.to.contain('HEADERS_INVALID');
    });

    it('that is answered before its body is over does not spoil the connection', async () => {
      await start({
        handle: ({ request, response }) => {
          // Read in part and left at that, as a forwarder does whose upstream has answered.
          if (request.method === 'PUT') request.once('data', () => response.end('gate') && request.pause());
          else response.end('gate');
          return Promise.resolve();
        },
      });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const upload = httpRequest({
        port,
        host: '127.0.0.1',
        method: 'PUT',
        headers: { 'content-length': 200_000 },
        agent,
      });
      upload.write(Buffer.alloc(100_000));
      const [response] = (await once(upload, 'response')) as [IncomingMessage];
      upload.end(Buffer.alloc(100_000));
      expect(String(await response.toArray())).to.equal('gate');
      expect((await get({ agent })).body).to.equal('gate');
      agent.destroy();
    });

    it('is turned away when too many connections are open', async () => {
      await start({}, { config: { ...CONFIG, maxConnections: 2 } });
      const [first, second] = [raw(''), raw('')];
      await Promise.all([once(first, 'connect'), once(second, 'connect')]);
      const third = raw(lines('GET / HTTP/1.1', 'Host: x'));
      await closed(third);
      expect([third.bytesRead, handled.length]).to.deep.equal([0, 0]);
    });
  });

  describe('an upgrade', () => {
    it('reaches the gate with its socket and its first bytes', async () => {
      await start({
        upgrade: async ({ socket, head }) => {
          socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${String(head)}`);
          await once(socket, 'finish');
        },
      });
      const answer = await saying(
        `${lines('GET /ws HTTP/1.1', 'Host: x', 'Connection: Upgrade', `Upgrade: WebSocket\r\n${HANDSHAKE}`.trimEnd())}early`,
      );
      expect(answer).to.match(/101 Switching Protocols\r\n\r\nearly$/);
      expect(upgraded[0]).to.include({ id: 'id-1', at: 1234 });
      expect(upgraded[0]?.client.origin).to.equal('http://x');
    });

    it('that the gate refuses is closed', async () => {
      await start();
      const client = new WebSocket(`ws://127.0.0.1:${port}/`);
      const [error] = (await once(client, 'error')) as [Error];
      expect(error.message).to.contain('403');
    });

    for (const [what, head] of [
      ['another method', ['DELETE /api/contents/a HTTP/1.1', 'Upgrade: websocket', HANDSHAKE.trimEnd()]],
      ['another protocol', ['GET / HTTP/1.1', 'Upgrade: h2c', HANDSHAKE.trimEnd()]],
      ['several protocols', ['GET / HTTP/1.1', 'Upgrade: h2c, websocket', HANDSHAKE.trimEnd()]],
      ['another version', ['GET / HTTP/1.1', 'Upgrade: websocket', HANDSHAKE.trimEnd().replace('13', '8')]],
      ['no key', ['GET / HTTP/1.1', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']],
      ['a body', ['GET / HTTP/1.1', 'Upgrade: websocket', HANDSHAKE.trimEnd(), 'Content-Length: 5']],
    ] as const) {
      it(`with ${what} is answered 400 and closed`, async () => {
        await start();
        const answer = await saying(lines(...head, 'Host: x', 'Connection: Upgrade'));
        expect(answer).to.match(/^HTTP\/1\.1 400 Bad Request\r\n/);
        expect(answer.toLowerCase()).to.contain('connection: close').and.to.contain('x-request-id: id-1');
        expect(codeIn(answer)).to.equal('UPGRADE_INVALID');
        expect([handled.length, upgraded.length]).to.deep.equal([0, 0]);
      });
    }

    it('is held to the same rules as any request', async () => {
      await start();
      const answer = await saying(
        lines(
          'GET / HTTP/1.1',
          'Host: x',
          'Host: y',
          'Connection: Upgrade',
          'Upgrade: websocket',
          HANDSHAKE.trimEnd(),
        ),
      );
      expect(codeIn(answer)).to.equal('HEADERS_INVALID');
      expect(upgraded).to.have.length(0);
    });

    it('that asks for a tunnel to elsewhere is refused', async () => {
      await start();
      expect(codeIn(await saying(lines('CONNECT evil.example:443 HTTP/1.1', 'Host: x')))).to.equal(
        'METHOD_UNKNOWN',
      );
    });

    it('is not read while an answer is under way on its connection', async () => {
      await start({ handle: () => Promise.resolve() });
      const upgrade = lines(
        'GET / HTTP/1.1',
        'Host: x',
        'Connection: Upgrade',
        'Upgrade: websocket',
        HANDSHAKE.trimEnd(),
      );
      expect(await saying(lines('GET /slow HTTP/1.1', 'Host: x') + upgrade)).to.equal('');
      expect(upgraded).to.have.length(0);
    });

    it('tells the gate when the client resets, and takes no process with it', async () => {
      await start({ upgrade: ({ signal }) => once(signal, 'abort').then(() => undefined) });
      const client = raw(
        lines('GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', HANDSHAKE.trimEnd()),
      );
      await eventually(() => void expect(upgraded).to.have.length(1));
      client.resetAndDestroy();
      await eventually(() => void expect(upgraded[0]?.signal.reason).to.have.property('code', 'CLIENT_GONE'));
    });

    it('is closed even when the client does not close', async () => {
      await start();
      const client = raw(
        lines('GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', HANDSHAKE.trimEnd()),
      );
      client.resume();
      await once(client, 'end');
      await eventually(async () => {
        expect(await connections(proxy.server)).to.equal(0);
      });
    });
  });

  describe('stopping', () => {
    it('lets answers under way finish, ends idle connections and lets nothing new in', async () => {
      let answer: () => void = () => undefined;
      await start({
        handle: ({ response }) => {
          if (handled.length === 1) response.end('first');
          else answer = () => response.end('finished');
          return Promise.resolve();
        },
      });
      const idle = new Agent({ keepAlive: true });
      await get({ agent: idle });
      const slow = get();
      await eventually(() => void expect(handled).to.have.length(2));
      const stopped = proxy.close(5000);
      setTimeout(() => answer(), 50);
      expect((await slow).body).to.equal('finished');
      await stopped;
      expect(await get().catch((error: { code: string }) => error.code)).to.equal('ECONNREFUSED');
      idle.destroy();
    });

    it('refuses a further request on a connection that is still answering', async () => {
      const answers: (() => void)[] = [];
      await start({
        handle: ({ response }) => {
          answers.push(() => response.end('finished'));
          return Promise.resolve();
        },
      });
      const client = raw(lines('GET / HTTP/1.1', 'Host: x'));
      await eventually(() => void expect(answers).to.have.length(1));
      const stopped = proxy.close(5000);
      client.write(lines('GET /late HTTP/1.1', 'Host: x'));
      await delay(20);
      answers[0]?.();
      expect(String(await client.toArray())).to.match(/finished[^]*503[^]*STOPPING/);
      client.end();
      await stopped;
    });

    it('breaks off what takes too long', async () => {
      await start({ handle: () => Promise.resolve() });
      const slow = get().catch((error: { code: string }) => error.code);
      await eventually(() => void expect(handled).to.have.length(1));
      await proxy.close(50);
      expect(await slow).to.equal('ECONNRESET');
      expect(handled[0]?.ending.reason).to.have.property('code', 'STOPPING');
    });

    it('ends sockets at once, even those of a gate that does not listen', async () => {
      await start({ upgrade: () => new Promise(() => undefined) });
      const client = raw(
        lines('GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', HANDSHAKE.trimEnd()),
      );
      await eventually(() => void expect(upgraded).to.have.length(1));
      const stopped = proxy.close(50);
      expect(upgraded[0]?.signal.reason).to.have.property('code', 'STOPPING');
      await stopped;
      client.destroy();
    });
  });

  it('speaks TLS with the certificate it is given, and says so to the gate', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gate-accept-'));
    const { cert, key } = selfSigned();
    const [tlsCert, tlsKey] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    await Promise.all([writeFile(tlsCert, cert), writeFile(tlsKey, key)]);
    await start({}, { config: { ...CONFIG, tlsCert, tlsKey } });
    await rm(directory, { recursive: true });
    const sent = httpsRequest({
      port,
      host: '127.0.0.1',
      agent: false,
      ca: cert,
      servername: 'localhost',
      checkServerIdentity: () => undefined,
    });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(String(await response.toArray())).to.equal('gate');
    expect(handled[0]?.client).to.include({ secure: true, origin: `https://127.0.0.1:${port}` });
    const plain = raw(lines('GET / HTTP/1.1', 'Host: x'));
    await closed(plain);
    expect(handled).to.have.length(1);
    const socket = new WebSocket(`wss://127.0.0.1:${port}/`, {
      ca: cert,
      checkServerIdentity: () => undefined,
    } as object);
    expect(((await once(socket, 'error')) as [Error])[0].message).to.contain('403');
  });

  it('names host and port when somebody else listens there', async () => {
    await start();
    const other = createProxyServer({
      gate: { handle: () => Promise.resolve(), upgrade: () => Promise.resolve() },
      clock: { now: () => 0 },
      log: createLog({ level: 'silent' }),
      recorder: { record: () => undefined },
      config: CONFIG,
    });
    const error = await other.listen(port, '127.0.0.1').catch((reason: AppError) => reason);
    expect(error).to.include({ code: 'PORT_IN_USE', detail: `\`127.0.0.1:${port}\`` });
  });

  it('says what is wrong with an address it cannot have, or a certificate that is none', async () => {
    await start();
    const config = { ...CONFIG, tlsCert: '/nowhere/cert.pem', tlsKey: '/nowhere/key.pem' };
    const deps = {
      gate: { handle: () => Promise.resolve(), upgrade: () => Promise.resolve() },
      clock: { now: () => 0 },
      log: createLog({ level: 'silent' }),
      recorder: { record: () => undefined },
    };
    expect(() => createProxyServer({ ...deps, config }))
      .to.throw(AppError)
      .with.property('code', 'CONFIG_INVALID');
    const error = await createProxyServer({ ...deps, config: CONFIG })
      .listen(0, '192.0.2.1')
      .catch((reason: AppError) => reason);
    expect(error).to.have.property('code', 'CONFIG_INVALID');
  });
});
