/** Ties two sockets together byte for byte until both are closed, whichever of them ends first and however. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { closeFrame, farewellOf } from './farewell.ts';
import type { FrameFollower } from './frame-follower.ts';

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
export async function tieSockets(client: Duplex, upstream: Duplex, options: TieOptions): Promise<number> {
  const { signal, frames } = options;
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const ending = { isEnding: false };
  const onEnd = (): void => {
    timer ??= setTimeout(() => {
      client.destroy();
      upstream.destroy();
    }, options.lingerTimeout);
  };
  const closed = [joinOneWay(client, upstream), joinOneWay(upstream, client, ending)];
  for (const end of [client, upstream]) {
    if (end instanceof Socket) end.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE).setTimeout(0);
    end.once('end', onEnd);
    end.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
  }
  const follow = (chunk: Buffer): void => frames.pass(chunk);
  upstream.on('data', follow);
  const onAbort = (): void => {
    const farewell = farewellOf(signal);
    if (farewell === undefined) {
      client.destroy();
      upstream.destroy();
      return;
    }
    ending.isEnding = true;
    upstream.off('data', follow);
    clearTimeout(timer);
    timer = sayFarewell(client, upstream, { frames, frame: closeFrame(farewell) });
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  await Promise.all(closed);
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  return bytes;
}

interface LastWords {
  readonly frames: FrameFollower;
  readonly frame: Buffer;
}

/**
 * Carries nothing more to upstream, and to the client only the rest of the frame it is in the middle of; then the close
 * frame. Both ends are closed some time after; the timer that is answered sees to it.
 */
function sayFarewell(client: Duplex, upstream: Duplex, { frames, frame }: LastWords): NodeJS.Timeout {
  client.unpipe(upstream);
  upstream.unpipe(client);
  client.resume();
  const reset = (): void => {
    breakOff(client);
    upstream.destroy();
  };
  const finish = (): void => {
    upstream.off('data', carryRest);
    upstream.destroy();
    if (client.writable) client.end(frame);
    timer.refresh();
  };
  const carryRest = (chunk: Buffer): void => {
    const rest = chunk.subarray(0, frames.passToBoundary(chunk));
    const hasRoom = client.write(rest);
    if (frames.atBoundary) finish();
    else if (!hasRoom) waitForRoom();
  };
  const waitForRoom = (): void => {
    upstream.pause();
    client.once('drain', () => upstream.resume());
  };
  let deadline: NodeJS.Timeout | undefined;
  const timer = setTimeout(reset, CLOSE_TIMEOUT);
  if (frames.atBoundary) finish();
  else {
    deadline = setTimeout(() => {
      if (!frames.atBoundary) reset();
    }, BOUNDARY_TIMEOUT);
    client.once('close', () => clearTimeout(deadline));
    upstream.on('data', carryRest);
    if (client.writableNeedDrain) waitForRoom();
    else upstream.resume();
  }
  return timer;
}

/**
 * Carries `from` to `to`; the end of one is the end of the other, and a break is a break, unless `to` is being told
 * goodbye. Resolves when `from` is closed.
 */
function joinOneWay(from: Duplex, to: Duplex, ending?: { readonly isEnding: boolean }): Promise<void> {
  let broken = from.destroyed;
  from.on('error', () => {
    broken = true;
  });
  const closed = new Promise<void>((resolve) => {
    const onClose = (): void => {
      if (ending?.isEnding !== true && (broken || !from.readableEnded)) breakOff(to);
      resolve();
    };
    if (from.closed) onClose();
    else from.once('close', onClose);
  });
  if (!from.destroyed) from.pipe(to);
  return closed;
}

/** A reset where the transport has one, so that the far end cannot take a broken stream for a finished one. */
function breakOff(end: Duplex): void {
  if (end.destroyed) return;
  // Only TCP can be reset; Unix sockets have no address, TLS says it in its own way.
  if (end instanceof Socket && !(end instanceof TLSSocket) && end.remoteAddress !== undefined)
    end.resetAndDestroy();
  else end.destroy();
}
