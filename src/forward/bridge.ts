/** A WebSocket that is looked into: one to the client, one to upstream, and handlers for what each of them says. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/errors.ts';
import { tieBridge } from './bridge-tie.ts';
import { untilClientGone } from './client-gone.ts';
import type { BridgeOptions, TunnelRequest, TunnelResult } from './forwarder.ts';
import { handshakeHead } from './handshake-head.ts';
import type { ClientSide } from './tunnel.ts';
import { abortError } from './upstream-error.ts';
import { upgradeUpstream } from './upstream-socket.ts';
import type { UpstreamSide } from './upstream-socket.ts';

/** What upstream may send in one message, bytes. */
const UPSTREAM_MESSAGE_LIMIT = 64 * 1024 * 1024;
/** What a client may when nobody listens to it. */
const UNHEARD_MESSAGE_LIMIT = 64 * 1024;
/** What a client may otherwise: the Jupyter Server's own limit (tornado `max_message_size`). */
const CLIENT_MESSAGE_LIMIT = 10 * 1024 * 1024;
/** RFC 6455 1.3. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Contract of `Forwarder.bridge`. */
export async function openBridge(
  side: UpstreamSide,
  request: TunnelRequest,
  { socket, head, isHeard, largest, open }: ClientSide & BridgeOptions,
): Promise<TunnelResult> {
  const { signal, release } = untilClientGone(socket, request.signal);
  const { response, upstream, head: upstreamHead } = await upgradeUpstream(side, { ...request, signal });
  release();
  try {
    if (request.signal.aborted) throw abortError(request.signal);
    checkHandshake(request, response);
  } catch (error) {
    upstream.destroy();
    throw error;
  }
  socket.write(handshakeHead(response), 'latin1');
  const ends = {
    client: {
      socket,
      head,
      largest: isHeard ? (largest ?? CLIENT_MESSAGE_LIMIT) : UNHEARD_MESSAGE_LIMIT,
    },
    upstream: { socket: upstream, head: upstreamHead, largest: largest ?? UPSTREAM_MESSAGE_LIMIT },
  };
  const handlers = open(response.headers['sec-websocket-protocol'] ?? '');
  return { status: 101, bytes: await tieBridge(ends, handlers, request.signal) };
}

/** What is looked into must be a WebSocket as it was asked for (RFC 6455 4.1). Throws `UPSTREAM_FAILED`. */
function checkHandshake({ headers }: TunnelRequest, { headers: answered }: IncomingMessage): void {
  const key = headers['sec-websocket-key'] ?? '';
  const expected = createHash('sha1')
    .update(key + ACCEPT_SUFFIX)
    .digest('base64');
  const isAccepted = answered['sec-websocket-accept'] === expected;
  const hasExtensions = answered['sec-websocket-extensions'] !== undefined;
  const protocol = answered['sec-websocket-protocol'];
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!isAccepted || hasExtensions || (protocol !== undefined && !offered.includes(protocol)))
    throw new AppError('UPSTREAM_FAILED', {
      detail: 'expected the handshake of the socket that was asked for',
    });
}
