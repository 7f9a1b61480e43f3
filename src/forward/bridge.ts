/** A WebSocket that is looked into: one to the client, one to upstream, and handlers for what each of them says. */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../core/errors.ts';
import { untilClientGone } from './client-gone.ts';
import type { BridgeOptions, TunnelRequest, TunnelResult } from './forwarder.ts';
import type { ClientSide } from './tunnel.ts';
import { tieBridge } from './bridge-tie.ts';
import type { BridgeEnds } from './bridge-tie.ts';
import { connectUpstream, upgradeHeaders } from './upstream-socket.ts';
import type { UpstreamSide } from './upstream-socket.ts';
import { abortError, upstreamError } from './upstream-error.ts';

/** What upstream may send in one message, bytes. */
const UPSTREAM_MESSAGE_LIMIT = 64 * 1024 * 1024;
/** What a client may when nobody listens to it. */
const UNHEARD_MESSAGE_LIMIT = 64 * 1024;
/** What a client may otherwise: the Jupyter Server's own limit (tornado `max_message_size`). */
const CLIENT_MESSAGE_LIMIT = 10 * 1024 * 1024;

/** Contract of `Forwarder.bridge`. */
export async function openBridge(
  side: UpstreamSide,
  request: TunnelRequest,
  { socket, head, isHeard, largest, open }: ClientSide & BridgeOptions,
): Promise<TunnelResult> {
  const { signal, release } = untilClientGone(socket, request.signal);
  const opened = await openUpstream(side, request, { signal, largest: largest ?? UPSTREAM_MESSAGE_LIMIT });
  release();
  const { upstream } = opened;
  // From here on all in one go: a message that comes meanwhile waits for its listener.
  const limit = isHeard ? (largest ?? CLIENT_MESSAGE_LIMIT) : UNHEARD_MESSAGE_LIMIT;
  const client = acceptClient(request, { socket, head, limit }, upstream);
  const bytes = await tieBridge({ client, socket, ...opened }, open(upstream.protocol), request.signal);
  return { status: 101, bytes };
}

async function openUpstream(
  side: UpstreamSide,
  request: TunnelRequest,
  { signal, largest }: { readonly signal: AbortSignal; readonly largest: number },
): Promise<Pick<BridgeEnds, 'upstream' | 'upstreamSocket'>> {
  const url = new URL(request.target, 'ws://upstream');
  // The client library parses addresses; what it would send must be what was decided on.
  if (url.pathname + url.search !== request.target) throw new AppError('TARGET_INVALID');
  if (signal.aborted) throw abortError(signal);
  const { headers, protocols } = splitHeaders(request, side);
  const upstreamSocket = connectUpstream(side.address);
  const upstream = new WebSocket(url, protocols, {
    createConnection: () => upstreamSocket,
    headers,
    handshakeTimeout: side.connectTimeout + side.headersTimeout,
    maxPayload: largest,
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
      settle(() => resolve({ upstream, upstreamSocket }));
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
function acceptClient(
  request: TunnelRequest,
  { socket, head, limit }: ClientSide & { readonly limit: number },
  upstream: WebSocket,
): WebSocket {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limit,
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

function handshakeError(error: Error): AppError {
  return /handshake has timed out/.test(error.message)
    ? new AppError('UPSTREAM_TIMEOUT', { cause: error })
    : upstreamError(error);
}
