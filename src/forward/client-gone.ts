/** Tells when a client went away before or while its socket is carried. */
import type { Duplex } from 'node:stream';
import { AppError } from '../core/errors.ts';

/** Aborted with `CLIENT_GONE` when `socket` ends or breaks, and as `other` is. Errors of the socket are handled by it. */
export function untilClientGone(socket: Duplex, other: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const onGone = (): void => gone.abort(new AppError('CLIENT_GONE'));
  socket.on('error', onGone);
  socket.once('close', onGone);
  if (socket.destroyed) onGone();
  return AbortSignal.any([other, gone.signal]);
}
