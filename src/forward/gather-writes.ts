/** Joins what is written to a socket in one turn of the event loop: a system call for each small message costs more than the message. */
import type { Duplex } from 'node:stream';

/**
 * Holds back what is written to `socket` from now on until everything that came in at this moment was dealt with. To be
 * called before each write; what waits counts as unsent all the same, so back pressure is as before.
 */
export function gatherWrites(socket: Duplex): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
