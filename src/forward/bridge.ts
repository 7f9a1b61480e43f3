/** A WebSocket that is looked into: one to the client, one to upstream, and a filter for what the client is shown. */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';
import { AppError } from '../core/errors.ts';
import { createMessageQueue } from './message-queue.ts';
import type { BridgeOptions, TunnelRequest, TunnelResult } from './forwarder.ts';
import type { ClientSide } from './tunnel.ts';
import { connectUpstream, upgradeHeaders } from './upstream-socket.ts';
import type { UpstreamSide } from './upstream-socket.ts';
import { abortError, upstreamError } from './upstream-error.ts';

/** What upstream may send in one message, bytes. */
const UPSTREAM_MESSAGE_LIMIT = 16 * 1024 * 1024;
/** What a client may; it is thrown away. */
const CLIENT_MESSAGE_LIMIT = 64 * 1024;
const PAUSE_ABOVE = 1024 * 1024;
const RESUME_BELOW = 256 * 1024;
/** Messages that may wait for their filter before upstream has to. */
const MOST_WAITING = 16;

/** Contract of `Forwarder.bridge`. */
export async function openBridge(
  side: UpstreamSide,
  request: TunnelRequest,
  { socket, head, onServerText }: ClientSide & BridgeOptions,
): Promise<TunnelResult> {
  const gone = new AbortController();
  const onGone = (): void => gone.abort(new AppError('CLIENT_GONE'));
  socket.on('error', onGone);
  socket.once('close', onGone);
  if (socket.destroyed) onGone();
  const upstream = await openUpstream(side, request, AbortSignal.any([request.signal, gone.signal]));
  // From here to `tie` all in one go: a message that comes meanwhile waits for its listener.
  const client = acceptClient(request, { socket, head }, upstream);
  return { status: 101, bytes: await tie(client, upstream, { signal: request.signal, onServerText }) };
}

async function openUpstream(
  side: UpstreamSide,
  request: TunnelRequest,
  signal: AbortSignal,
): Promise<WebSocket> {
  const url = new URL(request.target, 'ws://upstream');
  // The client library parses addresses; what it would send must be what was decided on.
  if (url.pathname + url.search !== request.target) throw new AppError('TARGET_INVALID');
  if (signal.aborted) throw abortError(signal);
  const { headers, protocols } = splitHeaders(request, side);
  const upstream = new WebSocket(url, protocols, {
    createConnection: () => connectUpstream(side.address),
    headers,
    handshakeTimeout: side.connectTimeout + side.headersTimeout,
    maxPayload: UPSTREAM_MESSAGE_LIMIT,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    const settle = (conclude: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      conclude();
    };
    const fail = (error: AppError): void =>
      settle(() => {
        reject(error);
        upstream.terminate();
      });
    const onAbort = (): void => fail(abortError(signal));
    upstream.on('error', (error) => fail(handshakeError(error)));
    upstream.once('unexpected-response', (sent, { statusCode }) => {
      fail(
        new AppError('UPSTREAM_FAILED', {
          detail: `expected the socket, received status ${statusCode ?? 'none'}`,
        }),
      );
      sent.destroy();
    });
    upstream.once('open', () => {
      upstream.pause();
      settle(() => resolve(upstream));
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The library makes the handshake itself and refuses to be given its headers. */
function splitHeaders(
  request: TunnelRequest,
  side: UpstreamSide,
): { headers: Record<string, string | string[]>; protocols: string[] } {
  const headers = upgradeHeaders(request, side.address);
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  for (const name of Object.keys(headers)) {
    if (name.startsWith('sec-websocket-') || name === 'connection' || name === 'upgrade')
      delete headers[name];
  }
  return {
    headers,
    protocols: offered
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  };
}

/** Completes the client's handshake. Throws `UPGRADE_INVALID`, before anything was written, when it is not one. */
function acceptClient(request: TunnelRequest, { socket, head }: ClientSide, upstream: WebSocket): WebSocket {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: CLIENT_MESSAGE_LIMIT,
    handleProtocols: () => (upstream.protocol === '' ? false : upstream.protocol),
  });
  // With a listener the library leaves the refusal to us.
  server.on('wsClientError', () => undefined);
  const handshake = Object.assign(new IncomingMessage(new Socket()), {
    method: 'GET',
    url: request.target,
    headers: request.headers,
  });
  const accepted: WebSocket[] = [];
  server.handleUpgrade(handshake, socket, head, (client) => accepted.push(client));
  const client = accepted[0];
  if (client !== undefined) return client;
  upstream.terminate();
  throw socket.destroyed ? new AppError('CLIENT_GONE') : new AppError('UPGRADE_INVALID');
}

interface BridgeTie extends BridgeOptions {
  readonly signal: AbortSignal;
}

/** Carries messages until both are closed; resolves with the bytes the client was shown. */
async function tie(
  client: WebSocket,
  upstream: WebSocket,
  { signal, onServerText }: BridgeTie,
): Promise<number> {
  let bytes = 0;
  const show = async (data: RawData): Promise<void> => {
    const text = await onServerText(textOf(data));
    if (text === undefined || client.readyState !== WebSocket.OPEN) return;
    bytes += Buffer.byteLength(text);
    client.send(text, () => flow());
  };
  const filtered = createMessageQueue(show, () => {
    // A filter that fails shows nothing, and nothing more.
    client.close(1011);
    upstream.close(1000);
  });
  const flow = (): void => {
    if (client.readyState !== WebSocket.OPEN) upstream.resume();
    else if (filtered.waiting > MOST_WAITING || client.bufferedAmount > PAUSE_ABOVE) upstream.pause();
    else if (client.bufferedAmount < RESUME_BELOW) upstream.resume();
  };
  upstream.on('message', (data, isBinary) => {
    if (isBinary) return;
    void filtered.add(data).then(flow);
    flow();
  });
  const terminate = (): void => {
    client.terminate();
    upstream.terminate();
  };
  signal.addEventListener('abort', terminate, { once: true });
  if (signal.aborted) terminate();
  // What upstream said before it closed is shown before the client is closed.
  const closed = [passClose(client, upstream), passClose(upstream, client, () => filtered.settled())];
  upstream.resume();
  await Promise.all(closed);
  signal.removeEventListener('abort', terminate);
  return bytes;
}

/** Passes on how `from` was closed, once `ready`. Resolves then. */
function passClose(
  from: WebSocket,
  to: WebSocket,
  ready: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  from.on('error', () => undefined);
  return new Promise((resolve) => {
    from.once('close', (code, reason) => {
      to.resume();
      void ready()
        .then(() => closeLike(to, code, reason))
        .then(resolve);
    });
  });
}

/** 1005 is a close without a code, 1006 a break without a close; neither can be sent (RFC 6455 7.4.1). */
function closeLike(socket: WebSocket, code: number, reason: Buffer): void {
  if (code === 1006) socket.terminate();
  else if (code === 1005) socket.close();
  else socket.close(code, reason);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

function handshakeError(error: Error): AppError {
  return /handshake has timed out/.test(error.message)
    ? new AppError('UPSTREAM_TIMEOUT', { cause: error })
    : upstreamError(error);
}
