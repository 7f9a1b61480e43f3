/** Takes over a socket after its handshake. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TakeOverOptions {
  readonly onChunk: (chunk: Buffer) => void;
  /** The far end said its last. */
  readonly onEnd: () => void;
  readonly onDrain: () => void;
  readonly onClosed: () => void;
}

const KEEP_ALIVE = 30_000;

/**
 * Nothing is read before it is resumed. Resolves when it is closed, after that was told, also when it was closed before; what
 * breaks it is seen then.
 */
export function takeOver(
  socket: Duplex,
  { onChunk, onEnd, onDrain, onClosed }: TakeOverOptions,
): Promise<void> {
  if (socket instanceof Socket) socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE).setTimeout(0);
  socket.pause();
  socket.on('data', onChunk);
  socket.once('end', onEnd);
  socket.on('drain', onDrain);
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    const close = (): void => {
      onClosed();
      resolve();
    };
    if (socket.closed) process.nextTick(close);
    else socket.once('close', close);
  });
}
