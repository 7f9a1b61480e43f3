/** Joins what is written to a socket in one go: a system call for each small message costs more than the message. */
import type { Duplex } from 'node:stream';

/**
 * Holds back what is written to `socket` from now on until what is being dealt with is done; it counts as unsent all the
 * same. For when more is about to follow: what is written alone is not worth it.
 */
export function gatherWrites(socket: Duplex): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}
