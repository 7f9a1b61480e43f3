/** Ties two sockets together byte for byte until both are closed, whichever of them ends first and however. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

export interface TieOptions {
  readonly signal: AbortSignal;
  /** How long one end may stay open after the other has said its last, ms. */
  readonly lingerTimeout: number;
}

const KEEP_ALIVE = 30_000;

/** Resolves with the bytes carried in both directions when both are closed. Never rejects. */
export async function tieSockets(client: Duplex, upstream: Duplex, options: TieOptions): Promise<number> {
  let bytes = 0;
  let linger: NodeJS.Timeout | undefined;
  const destroyBoth = (): void => {
    client.destroy();
    upstream.destroy();
  };
  const onEnd = (): void => {
    linger ??= setTimeout(destroyBoth, options.lingerTimeout);
  };
  const closed = [joinOneWay(client, upstream), joinOneWay(upstream, client)];
  for (const end of [client, upstream]) {
    if (end instanceof Socket) end.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE).setTimeout(0);
    end.once('end', onEnd);
    end.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
  }
  options.signal.addEventListener('abort', destroyBoth, { once: true });
  if (options.signal.aborted) destroyBoth();
  await Promise.all(closed);
  clearTimeout(linger);
  options.signal.removeEventListener('abort', destroyBoth);
  return bytes;
}

/** Carries `from` to `to`; the end of one is the end of the other, and a break is a break. Resolves when `from` is closed. */
function joinOneWay(from: Duplex, to: Duplex): Promise<void> {
  let broken = from.destroyed;
  from.on('error', () => {
    broken = true;
  });
  const closed = new Promise<void>((resolve) => {
    const onClose = (): void => {
      if (broken || !from.readableEnded) breakOff(to);
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
