import { once } from 'node:events';
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { Ending } from '../../../src/core/ending.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { Forwarder, ForwardRequest } from '../../../src/forward/forwarder.ts';
import {
  Bench,
  CLIENT,
  codeOf,
  connections,
  delay,
  echo,
  eventually,
} from '../../support/forward-servers.ts';

const MB = 1024 * 1024;

describe('forwarding HTTP', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.close());

  function asked(change: Partial<ForwardRequest> = {}): ForwardRequest {
    return {
      method: 'GET',
      target: '/',
      headers: {},
      body: undefined,
      client: CLIENT,
      subject: 'ada',
      ending: new Ending(),
      ...change,
    };
  }

  async function buffered(forwarder: Forwarder, change: Partial<ForwardRequest> = {}) {
    const { reply, buffered: body } = await forwarder.send(asked(change), () => 'buffer');
    return { reply, body: JSON.parse(String(body)) as Record<string, never> };
  }

  async function get(
    origin: string,
    options: RequestOptions = {},
  ): Promise<{ status: number; body: string; response: IncomingMessage }> {
    const sent = httpRequest(origin + (options.path ?? '/'), { agent: false, ...options });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode ?? 0, body, response };
  }

  describe('a request', () => {
    it('arrives with its target byte for byte', async () => {
      const forwarder = bench.forwarder(await bench.http(echo));
      for (const target of ['/a/../b', '/%2e%2e/x', '//x', '/a%2Fb?x=%zz&y=a+b', '/\\x', '/?', '/%C3%A9']) {
        expect((await buffered(forwarder, { target })).body['url']).to.equal(target);
      }
    });

    it('arrives over a Unix socket, under the name localhost', async () => {
      const directory = await mkdtemp(join(tmpdir(), 'gate-forward-'));
      const socketPath = join(directory, 's');
      const server = createServer(echo).listen(socketPath);
      await once(server, 'listening');
      bench.after(async () => {
        server.close();
        await rm(directory, { recursive: true });
      });
      const forwarder = bench.forwarder({ origin: 'http://localhost', socketPath });
      const { body } = await buffered(forwarder, { method: 'POST', body: '{}' });
      expect(body['headers']).to.include({ host: 'localhost', cookie: '_xsrf=gate', 'x-xsrftoken': 'gate' });
    });

    it('carries a re-serialised body with its own length and no encoding', async () => {
      const forwarder = bench.forwarder(await bench.http(echo));
      const headers = {
        'content-length': '999',
        'content-encoding': 'gzip',
        'content-type': 'application/json',
      };
      const { body } = await buffered(forwarder, { method: 'PUT', body: '{"ä":1}', headers });
      expect(body['body']).to.equal('{"ä":1}');
      expect(body['headers']).to.include({ 'content-length': '8', 'content-type': 'application/json' });
      expect(body['headers']).not.to.have.property('content-encoding');
    });

    it('keeps the length of a stream, or sends it in chunks', async () => {
      const forwarder = bench.forwarder(await bench.http(echo));
      const known = await buffered(forwarder, {
        method: 'PUT',
        body: Readable.from(['abc']),
        headers: { 'content-length': '3' },
      });
      expect(known.body['headers']).to.include({ 'content-length': '3' });
      const unknown = await buffered(forwarder, {
        method: 'PUT',
        body: Readable.from(slowly('abc')),
        headers: { 'transfer-encoding': 'chunked' },
      });
      expect(unknown.body['headers']).to.include({ 'transfer-encoding': 'chunked' });
      expect([known.body['body'], unknown.body['body']]).to.deep.equal(['abc', 'abc']);
    });

    it('has no body when none was announced', async () => {
      const forwarder = bench.forwarder(await bench.http(echo));
      const { body } = await buffered(forwarder, { method: 'DELETE', body: new PassThrough() });
      expect(body['headers']).not.to.have.any.keys('content-length', 'transfer-encoding');
    });

    it('holds the last piece of a stream back until it may go, whatever tells where it ends', async () => {
      for (const headers of [{ 'content-length': '4' }, { 'transfer-encoding': 'chunked' }]) {
        const body = new PassThrough();
        let go: (() => void) | undefined;
        const beforeLast = (): Promise<void> => new Promise((resolve) => (go = resolve));
        const sent = buffered(bench.forwarder(await bench.http(echo)), {
          method: 'PUT',
          headers,
          body,
          beforeLast,
        });
        let isAnswered = false;
        void sent.then(() => (isAnswered = true));
        body.write('ab');
        await delay(20);
        expect(go === undefined, 'before the last piece').to.equal(true);
        body.end('cd');
        await eventually(() => void expect(go).not.to.equal(undefined));
        await delay(20);
        expect(isAnswered).to.equal(false);
        go?.();
        expect((await sent).body).to.include({ body: 'abcd' });
      }
    });

    it('is sent whole when its last piece is held back and all of it was there at once', async () => {
      for (const headers of [{ 'content-length': '4' }, { 'transfer-encoding': 'chunked' }]) {
        const body = new PassThrough();
        body.end('abcd');
        await delay(5);
        const change = { method: 'PUT', headers, body, beforeLast: () => delay(20) };
        const sent = await buffered(bench.forwarder(await bench.http(echo)), change);
        expect(sent.body).to.include({ body: 'abcd' });
      }
    });

    it('is not looked at any more once upstream has answered without the rest of it', async () => {
      const { origin } = await bench.http((_request, response) => response.end('no'));
      const body = new PassThrough();
      const seen: string[] = [];
      let finish: (() => void) | undefined;
      const slow = new Writable({
        write: (_chunk, _encoding, done) => done(),
        final: (done) => void (finish = done),
      });
      const headers = { 'content-length': '100' };
      const onBodyChunk = (chunk: Buffer): void => void seen.push(String(chunk));
      const change = { method: 'PUT', headers, body, onBodyChunk };
      const sent = bench.forwarder({ origin }).send(asked(change), () => slow);
      body.write('first');
      await eventually(() => void expect(finish).not.to.equal(undefined));
      await delay(20);
      body.write('second');
      await delay(20);
      finish?.();
      await sent;
      expect(seen).to.deep.equal(['first']);
    });

    it('reuses a connection that is free', async () => {
      const forwarder = bench.forwarder(await bench.http(echo));
      const ports = new Set<number>();
      for (let i = 0; i < 10; i++) ports.add((await buffered(forwarder)).body['port'] as unknown as number);
      // The one just answered becomes free a tick later, so two take turns.
      expect(ports.size).to.be.within(1, 2);
    });

    it('is not sent twice when upstream breaks off', async () => {
      let seen = 0;
      const { origin } = await bench.http((request) => {
        seen++;
        request.socket.destroy();
      });
      expect(await codeOf(bench.forwarder({ origin }).send(asked(), () => 'buffer'))).to.equal(
        'UPSTREAM_FAILED',
      );
      await delay(50);
      expect(seen).to.equal(1);
    });
  });

  describe('a reply', () => {
    it('arrives cleaned, with its status and bytes', async () => {
      const { origin } = await bench.http((_request, response) => {
        response.writeHead(201, {
          'set-cookie': 'a=b',
          server: 'Tornado',
          'access-control-allow-origin': '*',
          etag: '"1"',
        });
        response.end(Buffer.from([0, 255, 128]));
      });
      const {
        reply,
        buffered: body,
        bytes,
      } = await bench.forwarder({ origin }).send(asked(), () => 'buffer');
      expect(reply.status).to.equal(201);
      expect(reply.headers).to.have.keys('etag', 'date');
      expect([...(body ?? [])]).to.deep.equal([0, 255, 128]);
      expect(bytes).to.equal(3);
    });

    it('is refused rather than cut when it is larger than the buffer', async () => {
      const { origin } = await bench.http((_request, response) => response.end('x'.repeat(1001)));
      const sent = bench.forwarder({ origin }).send(asked(), () => 'buffer', { bufferLimit: 1000 });
      expect(await codeOf(sent)).to.equal('UPSTREAM_FAILED');
    });

    it('may be preceded by informational ones', async () => {
      const { origin } = await bench.http((_request, response) => {
        response.writeEarlyHints({ link: '</a>; rel=preload' });
        response.end('late');
      });
      const { reply, buffered: body } = await bench.forwarder({ origin }).send(asked(), () => 'buffer');
      expect([reply.status, String(body)]).to.deep.equal([200, 'late']);
    });

    it('to HEAD keeps the length and has no body', async () => {
      const { origin } = await bench.http((_request, response) =>
        response.writeHead(200, { 'content-length': 77 }).end(),
      );
      const front = await bench.front(bench.forwarder({ origin }));
      const { response, body } = await get(front.origin, { method: 'HEAD' });
      expect([response.headers['content-length'], body]).to.deep.equal(['77', '']);
    });

    it('may be quiet for longer than the time limit of its head', async () => {
      const { origin } = await bench.http((_request, response) => {
        response.write('a');
        setTimeout(() => response.end('b'), 400);
      });
      const front = await bench.front(bench.forwarder({ origin }, { headersTimeout: 100 }));
      expect((await get(front.origin)).body).to.equal('ab');
    });

    it('comes through while a request is refused by what decides where it goes', async () => {
      const forwarder = bench.forwarder(await bench.http(echo));
      const thrown = forwarder.send(asked(), () => {
        throw new AppError('UPSTREAM_ERROR_PAGE');
      });
      expect(await codeOf(thrown)).to.equal('UPSTREAM_ERROR_PAGE');
      expect((await buffered(forwarder)).reply.status).to.equal(200);
    });
  });

  describe('much data', () => {
    it('flows down and up with flat memory', async () => {
      const chunk = Buffer.alloc(MB, 'x');
      const { origin } = await bench.http((request, response) => {
        let received = 0;
        request.on('data', (data: Buffer) => (received += data.length));
        request.on('end', () => {
          if (request.method === 'PUT') response.end(String(received));
          else Readable.from(many(chunk, 64)).pipe(response);
        });
      });
      const forwarder = bench.forwarder({ origin }, { headersTimeout: 15_000 });
      const front = await bench.front(forwarder);
      const before = process.memoryUsage().rss;
      let received = 0;
      const slow = new Writable({
        write(data: Buffer, _encoding, done) {
          received += data.length;
          setImmediate(done);
        },
      });
      const { bytes } = await forwarder.send(asked(), () => slow);
      expect([bytes, received]).to.deep.equal([64 * MB, 64 * MB]);

      const upload = httpRequest(front.origin, { method: 'PUT', agent: false });
      Readable.from(many(chunk, 64)).pipe(upload);
      const [response] = (await once(upload, 'response')) as [IncomingMessage];
      expect(String(await response.toArray())).to.equal(String(64 * MB));
      expect(process.memoryUsage().rss - before).to.be.lessThan(60 * MB);
    });

    it('tells of each piece that passed, in either direction', async () => {
      const { origin } = await bench.http((request, response) => request.pipe(response));
      let passed = 0;
      const onPassed = (bytes: number): void => void (passed += bytes);
      const front = await bench.front(bench.forwarder({ origin }, { onPassed, headersTimeout: 15_000 }));
      const sent = httpRequest(front.origin, { method: 'PUT', agent: false });
      Readable.from(many(Buffer.alloc(MB), 4)).pipe(sent);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      await response.resume().toArray();
      expect(passed).to.equal(8 * MB);
    });

    it('waits for a reader that does not read', async () => {
      let written = 0;
      const { origin } = await bench.http((_request, response) => {
        const chunk = Buffer.alloc(64 * 1024);
        const more = (): void => {
          while (!response.destroyed) {
            written += chunk.length;
            if (!response.write(chunk)) return void response.once('drain', more);
          }
        };
        more();
      });
      const front = await bench.front(bench.forwarder({ origin }));
      const socket = connect(Number(new URL(front.origin).port), '127.0.0.1');
      socket.pause();
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      let last = -1;
      await eventually(async () => {
        const seen = written;
        await delay(100);
        expect(written).to.equal(seen);
        last = seen;
      });
      expect(last).to.be.within(64 * 1024, 32 * MB);
      socket.destroy();
      expect(await front.outcomes[0]).to.equal('CLIENT_GONE');
    });

    it('waits for an upstream that does not read', async () => {
      const upstream = await bench.net((socket) => socket.pause());
      const forwarder = bench.forwarder(upstream, { headersTimeout: 60_000 });
      const ending = new Ending();
      let read = 0;
      const body = Readable.from(counted(many(Buffer.alloc(64 * 1024), 10_000), (size) => (read += size)));
      const headers = { 'transfer-encoding': 'chunked' };
      const sent = forwarder.send(asked({ method: 'PUT', body, headers, ending }), () => 'buffer');
      let seen = -1;
      await eventually(async () => {
        const before = read;
        await delay(100);
        expect(read).to.equal(before).and.to.be.greaterThan(0);
        seen = read;
      });
      expect(seen).to.be.lessThan(32 * MB);
      ending.end(new AppError('CLIENT_GONE'));
      expect(await codeOf(sent)).to.equal('CLIENT_GONE');
    });
  });

  describe('a client that goes away', () => {
    for (const when of ['before the head', 'in the body'] as const) {
      it(`ends the upstream request ${when}`, async () => {
        let ended = false;
        const { origin } = await bench.http((_request, response) => {
          if (when === 'in the body') response.write('a');
          response.once('close', () => (ended = true));
        });
        const front = await bench.front(bench.forwarder({ origin }));
        const sent = httpRequest(front.origin, { agent: false });
        sent.on('error', () => undefined);
        sent.end();
        if (when === 'in the body') await once(sent, 'response');
        else await delay(50);
        sent.destroy();
        await eventually(() => void expect(ended).to.equal(true));
        expect(await front.outcomes[0]).to.equal('CLIENT_GONE');
      });
    }

    it('in the middle of an upload ends the upstream request', async () => {
      let ended = false;
      const { origin } = await bench.http((request) => {
        request.on('error', () => undefined);
        request.on('data', () => undefined);
        request.once('close', () => (ended = true));
      });
      const front = await bench.front(bench.forwarder({ origin }));
      const upload = httpRequest(front.origin, {
        method: 'PUT',
        headers: { 'content-length': 1000 },
        agent: false,
      });
      upload.on('error', () => undefined);
      upload.write('abc');
      await delay(50);
      upload.destroy();
      await eventually(() => void expect(ended).to.equal(true));
      expect(await front.outcomes[0]).to.equal('CLIENT_GONE');
    });

    it('before anything was sent is told as such, and the reason of an abort is passed on', async () => {
      const forwarder = bench.forwarder(await bench.http(echo));
      for (const code of ['CLIENT_GONE', 'STOPPING'] as const) {
        const ending = new Ending();
        ending.end(new AppError(code));
        expect(await codeOf(forwarder.send(asked({ ending }), () => 'buffer'))).to.equal(code);
      }
    });
  });

  describe('an upstream', () => {
    it('that is not there is unreachable', async () => {
      const { server, origin } = await bench.net(() => undefined);
      await new Promise((resolve) => server.close(resolve));
      expect(await codeOf(bench.forwarder({ origin }).send(asked(), () => 'buffer'))).to.equal(
        'UPSTREAM_UNREACHABLE',
      );
      const missing = bench.forwarder({ origin: 'http://localhost', socketPath: '/nowhere/s' });
      expect(await codeOf(missing.send(asked(), () => 'buffer'))).to.equal('UPSTREAM_UNREACHABLE');
    });

    it('that never answers times out', async () => {
      const upstream = await bench.net((socket) => socket.resume());
      const sent = bench.forwarder(upstream, { headersTimeout: 100 }).send(asked(), () => 'buffer');
      expect(await codeOf(sent)).to.equal('UPSTREAM_TIMEOUT');
    });

    for (const [what, answer] of [
      ['closes at once', ''],
      ['speaks another protocol', 'SSH-2.0-OpenSSH\r\n'],
      ['sends two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
      ['folds its headers', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n'],
      ['upgrades unasked', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'],
    ] as const) {
      it(`that ${what} has failed`, async () => {
        const upstream = await bench.net((socket) => {
          socket.resume();
          socket.end(answer);
        });
        expect(await codeOf(bench.forwarder(upstream).send(asked(), () => 'buffer'))).to.equal(
          'UPSTREAM_FAILED',
        );
      });
    }

    for (const [what, head] of [
      ['of known length', 'Content-Length: 1000'],
      ['in chunks', 'Transfer-Encoding: chunked'],
    ] as const) {
      it(`that dies in a body ${what} breaks the client off instead of leaving it waiting`, async () => {
        const upstream = await bench.net((socket) => {
          socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
          setTimeout(() => socket.resetAndDestroy(), 50);
        });
        const front = await bench.front(bench.forwarder(upstream));
        const failure = await get(front.origin).then(
          () => 'complete',
          (error: { code: string }) => error.code,
        );
        expect(failure).to.equal('ECONNRESET');
        expect(await front.outcomes[0]).to.equal('UPSTREAM_FAILED');
      });
    }

    it('that answers before the upload is over leaves the connection of the client usable', async () => {
      const { origin } = await bench.http((request, response) => {
        if (request.method === 'PUT') response.writeHead(413, { 'content-length': 9 }).end('too large');
        else response.end('fine');
      });
      const front = await bench.front(bench.forwarder({ origin }));
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      bench.after(() => agent.destroy());
      const upload = httpRequest(front.origin, {
        method: 'PUT',
        headers: { 'content-length': 3 * MB },
        agent,
      });
      upload.write(Buffer.alloc(MB));
      const [response] = (await once(upload, 'response')) as [IncomingMessage];
      expect(response.statusCode).to.equal(413);
      upload.end(Buffer.alloc(2 * MB));
      response.resume();
      await once(response, 'end');
      expect((await get(front.origin, { agent })).body).to.equal('fine');
      expect(await connections(front.server)).to.equal(1);
    });
  });

  describe('a smuggled request', () => {
    for (const [what, head] of [
      ['with chunks and a length', 'Content-Length: 4\r\nTransfer-Encoding: chunked'],
      ['with two lengths', 'Content-Length: 4\r\nContent-Length: 5'],
      ['with a folded header', 'X-A: 1\r\n Transfer-Encoding: chunked'],
      ['with a space before the colon', 'Transfer-Encoding : chunked'],
    ] as const) {
      it(`${what} does not reach upstream`, async () => {
        let seen = 0;
        const { origin } = await bench.http((_request, response) => {
          seen++;
          response.end();
        });
        const front = await bench.front(bench.forwarder({ origin }));
        const socket = connect(Number(new URL(front.origin).port), '127.0.0.1');
        socket.on('error', () => undefined);
        socket.resume();
        socket.write(
          `POST / HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n`,
        );
        await once(socket, 'close');
        expect(seen).to.equal(0);
      });
    }
  });

  describe('asking', () => {
    it('exchanges JSON with the credentials of the gate', async () => {
      const forwarder = bench.forwarder({ ...(await bench.http(echo)), token: 'secret' });
      const { status, body } = await forwarder.ask('POST', '/api/sessions', { a: 1 });
      expect(status).to.equal(200);
      expect(body).to.deep.include({ method: 'POST', url: '/api/sessions', body: '{"a":1}' });
      expect((body as { headers: object }).headers).to.include({
        authorization: 'token secret',
        'content-type': 'application/json',
        'accept-encoding': 'identity',
      });
      expect((body as { headers: object }).headers).not.to.have.any.keys(
        'x-forwarded-for',
        'x-forwarded-user',
      );
    });

    it('gives the status alone where there is no JSON to be expected', async () => {
      const { origin } = await bench.http((request, response) => {
        response.statusCode = request.url === '/gone' ? 404 : 204;
        response.end(request.url === '/gone' ? '<html>' : undefined);
      });
      const forwarder = bench.forwarder({ origin });
      expect(await forwarder.ask('GET', '/gone')).to.deep.equal({ status: 404, body: undefined });
      expect(await forwarder.ask('DELETE', '/x')).to.deep.equal({ status: 204, body: undefined });
    });

    it('fails on an answer that is not JSON, and after a while on none', async () => {
      const { origin } = await bench.http((request, response) => {
        if (request.url === '/html') response.end('<html>');
        else response.write('{');
      });
      const forwarder = bench.forwarder({ origin }, { headersTimeout: 100 });
      expect(await codeOf(forwarder.ask('GET', '/html'))).to.equal('UPSTREAM_FAILED');
      expect(await codeOf(forwarder.ask('GET', '/never'))).to.equal('UPSTREAM_TIMEOUT');
    });
  });

  it('closing ends what is open, and nothing is sent after it', async () => {
    const upstream = await bench.net((socket) => socket.resume());
    const forwarder = bench.forwarder(upstream);
    const open = codeOf(forwarder.send(asked(), () => 'buffer'));
    await delay(50);
    await forwarder.close();
    expect(await open).to.equal('STOPPING');
    expect(await codeOf(forwarder.send(asked(), () => 'buffer'))).to.equal('STOPPING');
  });
});

function* many(chunk: Buffer, count: number): Generator<Buffer> {
  for (let i = 0; i < count; i++) yield chunk;
}

async function* slowly(text: string): AsyncGenerator<string> {
  for (const letter of text) {
    await delay(5);
    yield letter;
  }
}

function* counted(chunks: Iterable<Buffer>, count: (size: number) => void): Generator<Buffer> {
  for (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}
