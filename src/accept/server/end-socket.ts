/** The last words on a bare socket: a complete answer, and then its end whatever the client does. */
import type { Duplex } from 'node:stream';
import { errorAnswer, rawAnswer } from '../../core/answer.ts';
import type { AppError } from '../../core/errors.ts';

/** How long a client may take to read the answer and close, ms. */
const LINGER = 1000;

/** Answers with `error` and closes. */
export function refuseSocket(socket: Duplex, error: AppError, id: string): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const answer = errorAnswer(error);
  socket.end(rawAnswer({ ...answer, headers: { ...answer.headers, 'x-request-id': id } }));
  endSocket(socket);
}

/**
 * Closes a socket that was answered. What still comes is read and dropped: closing over unread bytes would reset the
 * connection and could take the answer with it.
 */
export function endSocket(socket: Duplex): void {
  if (socket.destroyed) return;
  if (!socket.writableEnded) socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
  socket.once('end', () => socket.destroy());
}
