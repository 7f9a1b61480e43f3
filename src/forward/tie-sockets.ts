/** Ties two sockets together byte for byte until both are closed, whichever of them ends first and however. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { closeFrame, farewellOf } from './farewell.ts';
import type { FrameFollower } from './websocket/frame-follower.ts';

export interface TieOptions {
  readonly signal: AbortSignal;
  /** How long one end may stay open after the other has said its last, ms. */
  readonly lingerTimeout: number;
  /** Follows what upstream sends; has seen what came before. */
  readonly frames: FrameFollower;
}

const KEEP_ALIVE = 30_000;
/** How long the end of a frame is waited for before the connection is reset, ms. */
const BOUNDARY_TIMEOUT = 50;
/** How long a client may take to answer a close frame, ms. */
const CLOSE_TIMEOUT = 1000;

/** Resolves with the bytes carried in both directions when both are closed. Never rejects. */
export function tieSockets(client: Duplex, upstream: Duplex, options: TieOptions): Promise<number> {
  const { signal, lingerTimeout, frames } = options;
  let bytes = 0;
  let open = 2;
  let isEnding = false;
  let timer: NodeJS.Timeout | undefined;
  let settle: (bytes: number) => void = () => undefined;
  const closed = new Promise<number>((resolve) => (settle = resolve));
  // One listener for each event of an end: there may be thousands of sockets, and each message passes here.
  const fromClient = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (!upstream.write(chunk)) client.pause();
  };
  const fromUpstream = (chunk: Buffer): void => {
    bytes += chunk.length;
    frames.pass(chunk);
    if (!client.write(chunk)) upstream.pause();
  };
  const onEnd = (to: Duplex): void => {
    if (isEnding) return;
    to.end();
    timer ??= setTimeout(() => {
      client.destroy();
      upstream.destroy();
    }, lingerTimeout);
  };
  const onAbort = (): void => {
    const farewell = farewellOf(signal);
    if (farewell === undefined) {
      client.destroy();
      upstream.destroy();
      return;
    }
    isEnding = true;
    client.off('data', fromClient);
    upstream.off('data', fromUpstream).pause();
    clearTimeout(timer);
    timer = sayFarewell(client, upstream, { frames, frame: closeFrame(farewell) });
  };
  const onClose = (from: Duplex, to: Duplex): void => {
    // Once the client has gone there is nobody left to say goodbye to.
    if (isEnding && from === client) to.destroy();
    else if (!isEnding && (from.errored !== null || !from.readableEnded)) breakOff(to);
    open -= 1;
    if (open > 0) return;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    settle(bytes);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  follow(client, upstream, { onChunk: fromClient, onEnd, onClose });
  follow(upstream, client, { onChunk: fromUpstream, onEnd, onClose });
  if (signal.aborted) onAbort();
  return closed;
}

interface Handlers {
  readonly onChunk: (chunk: Buffer) => void;
  /** `from` said its last. */
  readonly onEnd: (to: Duplex) => void;
  readonly onClose: (from: Duplex, to: Duplex) => void;
}

function follow(from: Duplex, to: Duplex, { onChunk, onEnd, onClose }: Handlers): void {
  if (from instanceof Socket) from.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE).setTimeout(0);
  from.on('error', ignore);
  if (from.closed) {
    onClose(from, to);
    return;
  }
  from.once('close', () => onClose(from, to));
  if (from.destroyed) return;
  from.once('end', () => onEnd(to));
  from.on('data', onChunk);
  to.on('drain', () => from.resume());
}

/** What broke is seen when it closes. */
function ignore(): void {}

interface LastWords {
  readonly frames: FrameFollower;
  readonly frame: Buffer;
}

/**
 * Carries nothing more to upstream, and to the client only the rest of the frame it is in the middle of; then the close
 * frame. Upstream is left for later, because many may have to be told goodbye at once: it is closed with the client, or by
 * the timer that is answered, which closes both.
 */
function sayFarewell(client: Duplex, upstream: Duplex, { frames, frame }: LastWords): NodeJS.Timeout {
  const reset = (): void => {
    breakOff(client);
    upstream.destroy();
  };
  const timer = setTimeout(reset, CLOSE_TIMEOUT);
  const finish = (): void => {
    upstream.pause();
    if (client.writable) client.end(frame);
    timer.refresh();
  };
  client.resume();
  if (frames.atBoundary) {
    finish();
    return timer;
  }
  const carryRest = (chunk: Buffer): void => {
    const hasRoom = client.write(chunk.subarray(0, frames.passToBoundary(chunk)));
    if (frames.atBoundary) {
      upstream.off('data', carryRest);
      finish();
    } else if (!hasRoom) upstream.pause();
  };
  const deadline = setTimeout(() => {
    if (!frames.atBoundary) reset();
  }, BOUNDARY_TIMEOUT);
  client.once('close', () => clearTimeout(deadline));
  upstream.on('data', carryRest);
  if (!client.writableNeedDrain) upstream.resume();
  return timer;
}

/** A reset where the transport has one, so that the far end cannot take a broken stream for a finished one. */
function breakOff(end: Duplex): void {
  if (end.destroyed) return;
  // Only TCP can be reset; Unix sockets have no address, TLS says it in its own way.
  if (end instanceof Socket && !(end instanceof TLSSocket) && end.remoteAddress !== undefined)
    end.resetAndDestroy();
  else end.destroy();
}
