/** The forwarder: HTTP over one undici pool, sockets over connections of their own. It knows nothing of policy. */
import type { Duplex } from 'node:stream';
import { Pool } from 'undici';
import { Ending } from '../core/ending.ts';
import { AppError } from '../core/errors.ts';
import { openBridge } from './bridge.ts';
import { Exchange } from './exchange.ts';
import type { Forwarder, ForwardRequest, TunnelResult, UpstreamAddress, UpstreamReply } from './forwarder.ts';
import { replyHeaders } from './reply-headers.ts';
import { requestBody } from './request-body.ts';
import { requestHeaders } from './request-headers.ts';
import { openTunnel } from './tunnel.ts';

/** Durations are milliseconds. */
export interface ForwarderOptions {
  /** Until a connection to upstream stands. */
  readonly connectTimeout: number;
  /** From the request to the head of the reply; bodies may be quiet for as long as they like. */
  readonly headersTimeout: number;
  /** Told of each piece of a body that is streamed, in either direction. */
  readonly onPassed?: ((bytes: number) => void) | undefined;
}

/** Bytes of a buffered reply where the caller sets no limit. */
const BUFFER_LIMIT = 64 * 1024 * 1024;
/** Below the time after which Jupyter's server closes an idle connection, so that none is reused while it closes. */
const KEEP_ALIVE = 10_000;

export function createForwarder(address: UpstreamAddress, options: ForwarderOptions): Forwarder {
  const pool = new Pool(address.origin, {
    ...(address.socketPath === undefined ? {} : { socketPath: address.socketPath }),
    connectTimeout: options.connectTimeout,
    headersTimeout: options.headersTimeout,
    // Server-sent events and running downloads may be silent for hours.
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE,
    pipelining: 1,
  });
  const { onPassed } = options;
  const side = { address, ...options };
  const { origin } = new URL(address.origin);
  const sockets = new Set<Duplex>();

  const send: Forwarder['send'] = (request, onReply, { bufferLimit = BUFFER_LIMIT } = {}) => {
    const { client, subject, willRewrite } = request;
    const headers = requestHeaders(request.headers, { address, client, subject, willRewrite });
    const toReply = replyCleaner(origin, request);
    const { ending } = request;
    const exchange = new Exchange({ ending, toReply, onReply, onPassed, bufferLimit });
    const body = requestBody(request.body, headers, {
      announced: request.headers,
      onLost: (error) => exchange.fail(error),
      onChunk: request.onBodyChunk,
      onPassed,
      beforeLast: request.beforeLast,
    });
    const { method, target: path } = request;
    pool.dispatch({ method, path, headers, body: body.content }, exchange);
    return body.release === undefined ? exchange.done : exchange.done.finally(body.release);
  };

  /** Remembers the client's end until then: when that is destroyed, the other is closed with it. */
  function untilClosed(socket: Duplex, open: () => Promise<TunnelResult>): Promise<TunnelResult> {
    sockets.add(socket);
    return open().finally(() => sockets.delete(socket));
  }

  return {
    send,
    ask: createAsk(pool, address, options.headersTimeout),
    tunnel: (request, socket, head) => untilClosed(socket, () => openTunnel(side, request, { socket, head })),
    bridge: (request, socket, head, bridged) =>
      untilClosed(socket, () => openBridge(side, request, { socket, head, ...bridged })),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await pool.destroy();
    },
  };
}

function replyCleaner(
  upstream: string,
  { client, target }: Pick<ForwardRequest, 'target'> & Partial<ForwardRequest>,
): (status: number, headers: Parameters<typeof replyHeaders>[0]) => UpstreamReply {
  const origins = client === undefined ? [upstream] : [upstream, client.origin];
  return (status, headers) => ({ status, headers: replyHeaders(headers, { origins, target }) });
}

function createAsk(pool: Pool, address: UpstreamAddress, timeout: number): Forwarder['ask'] {
  return async (method, target, body) => {
    const ending = new Ending();
    const timer = setTimeout(() => ending.end(new AppError('UPSTREAM_TIMEOUT')), timeout);
    try {
      const exchange = new Exchange({
        ending,
        toReply: replyCleaner(new URL(address.origin).origin, { target }),
        onReply: () => 'buffer',
        bufferLimit: BUFFER_LIMIT,
      });
      const sent = {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const headers = requestHeaders(sent, { address, willRewrite: true });
      pool.dispatch(
        { method, path: target, headers, body: body === undefined ? null : JSON.stringify(body) },
        exchange,
      );
      const { reply, buffered } = await exchange.done;
      return { status: reply.status, body: jsonBody(reply.status, buffered) };
    } finally {
      clearTimeout(timer);
    }
  };
}

function jsonBody(status: number, buffered: Buffer | undefined): unknown {
  if (buffered === undefined || buffered.length === 0) return undefined;
  try {
    return JSON.parse(buffered.toString());
  } catch (cause) {
    if (status >= 400) return undefined;
    throw new AppError('UPSTREAM_FAILED', { detail: 'expected JSON', cause });
  }
}
