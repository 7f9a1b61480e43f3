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

/** Nothing is read before it is resumed. What breaks is seen when it closes, and that is told also when it was before. */
export function takeOver(socket: Duplex, { onChunk, onEnd, onDrain, onClosed }: TakeOverOptions): void {
  if (socket instanceof Socket) socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE).setTimeout(0);
  socket.pause();
  socket.on('data', onChunk);
  socket.once('end', onEnd);
  socket.on('drain', onDrain);
  socket.on('error', () => undefined);
  if (socket.closed) process.nextTick(onClosed);
  else socket.once('close', onClosed);
}
