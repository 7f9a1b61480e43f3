/** The forwarder: HTTP over one undici pool, sockets over connections of their own. It knows nothing of policy. */
import { Pool } from 'undici';
import { Ending } from '../core/ending.ts';
import { AppError } from '../core/errors.ts';
import { openBridge } from './bridge.ts';
import { Exchange } from './exchange.ts';
import type {
  Forwarder,
  ForwardRequest,
  TunnelRequest,
  TunnelResult,
  UpstreamAddress,
  UpstreamReply,
} from './forwarder.ts';
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
  const side = { address, ...options };
  const { origin } = new URL(address.origin);
  const sockets = new Set<AbortController>();

  const send: Forwarder['send'] = async (request, onReply, { bufferLimit = BUFFER_LIMIT } = {}) => {
    const headers = requestHeaders(request.headers, { address, ...request });
    const toReply = replyCleaner(origin, request);
    const exchange = new Exchange({ ending: request.ending, toReply, onReply, bufferLimit });
    const body = requestBody(request.body, headers, {
      announced: request.headers,
      onLost: (error) => exchange.fail(error),
    });
    const { method, target: path } = request;
    pool.dispatch({ method, path, headers, body: body.content }, exchange);
    return exchange.done.finally(() => body.release());
  };

  /** Each socket has a controller of its own: a signal that lives as long as the gate would remember them all. */
  async function untilClosed(
    request: TunnelRequest,
    open: (request: TunnelRequest) => Promise<TunnelResult>,
  ): Promise<TunnelResult> {
    const controller = new AbortController();
    sockets.add(controller);
    try {
      return await open({ ...request, signal: AbortSignal.any([request.signal, controller.signal]) });
    } finally {
      sockets.delete(controller);
    }
  }

  return {
    send,
    ask: createAsk(pool, address, options.headersTimeout),
    tunnel: (request, socket, head) =>
      untilClosed(request, (asked) => openTunnel(side, asked, { socket, head })),
    bridge: (request, socket, head, bridged) =>
      untilClosed(request, (asked) => openBridge(side, asked, { socket, head, ...bridged })),
    close: async () => {
      for (const controller of sockets) controller.abort(new AppError('STOPPING'));
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
