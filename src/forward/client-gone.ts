/** Tells when a client went away before its socket is carried. */
import type { Duplex } from 'node:stream';
import { AppError } from '../core/errors.ts';

export interface ClientGone {
  /** Aborted with `CLIENT_GONE` when the socket ends or breaks, and as the other signal is. */
  readonly signal: AbortSignal;
  /** Looks no more. */
  readonly release: () => void;
}

/** Errors of the socket are handled by it until it is released. */
export function untilClientGone(socket: Duplex, other: AbortSignal): ClientGone {
  const gone = new AbortController();
  const onGone = (): void => gone.abort(new AppError('CLIENT_GONE'));
  // Not `AbortSignal.any`: what it makes stays with the other signal for as long as the socket is open.
  const onOther = (): void => gone.abort(other.reason);
  socket.on('error', onGone);
  socket.once('close', onGone);
  other.addEventListener('abort', onOther, { once: true });
  if (socket.destroyed) onGone();
  if (other.aborted) onOther();
  return {
    signal: gone.signal,
    release: () => {
      socket.off('error', onGone).off('close', onGone);
      other.removeEventListener('abort', onOther);
    },
  };
}
