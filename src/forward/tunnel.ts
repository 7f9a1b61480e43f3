/** A WebSocket passed through without looking into it: kernel and terminal channels of those who may execute. */
import type { Duplex } from 'node:stream';
import { untilClientGone } from './client-gone.ts';
import type { TunnelRequest, TunnelResult } from './forwarder.ts';
import { handshakeHead } from './handshake-head.ts';
import { tieSockets } from './tie-sockets.ts';
import { abortError } from './upstream-error.ts';
import { upgradeUpstream } from './upstream-socket.ts';
import type { UpstreamSide } from './upstream-socket.ts';
import { FrameFollower } from './websocket/frame-follower.ts';

export interface ClientSide {
  readonly socket: Duplex;
  /** Bytes that came with the upgrade request. */
  readonly head: Buffer;
}

const LINGER = 10_000;

/** Contract of `Forwarder.tunnel`. */
export async function openTunnel(
  side: UpstreamSide,
  request: TunnelRequest,
  { socket, head }: ClientSide,
): Promise<TunnelResult> {
  const { signal, release } = untilClientGone(socket, request.signal);
  const { response, upstream, head: upstreamHead } = await upgradeUpstream(side, { ...request, signal });
  release();
  // Ended in the moment the handshake arrived: nothing was written yet, so it can still be refused.
  if (request.signal.aborted) {
    upstream.destroy();
    throw abortError(request.signal);
  }
  const frames = new FrameFollower();
  frames.pass(upstreamHead);
  const carried = tieSockets(socket, upstream, { signal: request.signal, lingerTimeout: LINGER, frames });
  // Both were paused until now, and nothing flows before the next tick: these are the first bytes each end sees.
  socket.write(handshakeHead(response), 'latin1');
  if (upstreamHead.length > 0) socket.write(upstreamHead);
  if (head.length > 0) upstream.write(head);
  const first = head.length + upstreamHead.length;
  // Not awaited here: what a waiting function knows, the requests of both ends, stays in memory as long as the socket.
  return carried.then((bytes) => ({ status: 101, bytes: bytes + first }));
}
