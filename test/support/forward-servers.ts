/** Upstreams and fronts for the forwarder's tests: real sockets on loopback, closed after each test. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { Ending } from '../../src/core/ending.ts';
import { AppError } from '../../src/core/errors.ts';
import type { ClientInfo } from '../../src/core/http.ts';
import { createForwarder } from '../../src/forward/create-forwarder.ts';
import type { ForwarderOptions } from '../../src/forward/create-forwarder.ts';
import type {
  Forwarder,
  ForwardRequest,
  TunnelRequest,
  UpstreamAddress,
  UpstreamReply,
} from '../../src/forward/forwarder.ts';

export const CLIENT: ClientInfo = {
  address: '192.0.2.7',
  origin: 'https://lab.example',
  host: 'lab.example',
  secure: true,
};

export const OPTIONS: ForwarderOptions = { connectTimeout: 500, headersTimeout: 500 };

/** Closes what a test opened, in reverse order, and proves that nothing stayed connected. */
export class Bench {
  readonly #cleanups: (() => Promise<void>)[] = [];

  async http(
    listener: RequestListener,
    onUpgrade?: (request: IncomingMessage, socket: Socket, head: Buffer) => void,
  ) {
    const server = createServer(listener);
    if (onUpgrade !== undefined) {
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        onUpgrade(request, socket as Socket, head),
      );
    }
    server.on('clientError', (_error, socket) => socket.destroy());
    return { server, origin: await this.#listen(server) };
  }

  async net(onSocket: (socket: Socket) => void) {
    const sockets = new Set<Socket>();
    const server = createNetServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      onSocket(socket);
    });
    const origin = await this.#listen(server);
    // A rude upstream looks up at last, and must find that nobody is there any more.
    this.after(() => {
      for (const socket of sockets) {
        if (socket.readableEnded) socket.end();
        else socket.on('end', () => socket.end()).resume();
      }
    });
    return { server, origin };
  }

  forwarder(address: UpstreamAddress, options: Partial<ForwarderOptions> = {}): Forwarder {
    const forwarder = createForwarder(address, { ...OPTIONS, ...options });
    this.after(() => forwarder.close());
    return forwarder;
  }

  /** A front that forwards whatever it is asked, and keeps what became of it. */
  async front(forwarder: Forwarder, change: Partial<ForwardRequest> = {}) {
    const outcomes: Promise<unknown>[] = [];
    const replies: UpstreamReply[] = [];
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const ending = new Ending();
      response.once('close', () => ending.end(new AppError('CLIENT_GONE')));
      const sent = forwarder.send(
        {
          method: request.method ?? '',
          target: request.url ?? '',
          headers: request.headers,
          body: request,
          client: CLIENT,
          subject: 'ada',
          ending,
          ...change,
        },
        (reply) => {
          replies.push(reply);
          return response.writeHead(reply.status, reply.headers as Record<string, string>);
        },
      );
      outcomes.push(
        sent.catch((error: { code: string }) => {
          if (!response.headersSent) response.writeHead(502).end(error.code);
          return error.code;
        }),
      );
    };
    return { ...(await this.http(listener)), outcomes, replies };
  }

  /** A front whose upgrades go through `pass`, and what became of each. The signal of all of them is `gate`'s. */
  async socketFront(pass: (asked: TunnelRequest, socket: Socket, head: Buffer) => Promise<unknown>) {
    const outcomes: Promise<unknown>[] = [];
    const gate = new AbortController();
    const { origin } = await this.http(echo, (request, socket, head) => {
      socket.on('error', () => undefined);
      const { url = '', headers } = request;
      const asked = { target: url, headers, client: CLIENT, subject: 'ada', signal: gate.signal };
      outcomes.push(pass(asked, socket, head));
    });
    return { origin, outcomes, gate };
  }

  after(cleanup: () => Promise<void> | void): void {
    this.#cleanups.push(async () => cleanup());
  }

  async close(): Promise<void> {
    const failures: unknown[] = [];
    // What one test leaves open must not keep the run from ending.
    for (const cleanup of this.#cleanups.splice(0).toReversed())
      await cleanup().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  async #listen(server: Server | NetServer): Promise<string> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.after(async () => {
      if (server instanceof Object && 'closeIdleConnections' in server) server.closeIdleConnections();
      try {
        await eventually(async () => {
          expect(await connections(server), 'open connections').to.equal(0);
        });
      } finally {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      }
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

export function connections(server: NetServer): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

/** Repeats `check` until it passes or ten seconds are over. */
export async function eventually(check: () => Promise<void> | void): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(10);
    }
  }
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The body of `promise`'s AppError code; fails when it does not reject. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'RESOLVED',
    (error: Error & { code?: string }) => error.code ?? String(error),
  );
}

/** Answers with what it received. */
export const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.stringify({
      method: request.method,
      url: request.url,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString(),
      port: request.socket.remotePort,
    });
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
};
