/** What a failed exchange with upstream is called: not there, too slow, or broken off. */
import { AppError } from '../core/errors.ts';

/** Before a connection stood. `EAGAIN` is a Unix socket whose queue is full, `ENOENT` one that is not there yet. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  'EAGAIN',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'ENOTSOCK',
  'EPERM',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** `error` as one of ours; it stays the cause and is never shown. */
export function upstreamError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const given = (error as { readonly code?: unknown } | null)?.code;
  const code = typeof given === 'string' ? given : '';
  if (UNREACHABLE.has(code)) return new AppError('UPSTREAM_UNREACHABLE', { cause: error });
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return new AppError('UPSTREAM_TIMEOUT', { cause: error });
  if (code === 'UND_ERR_INVALID_ARG') return new AppError('HEADERS_INVALID', { cause: error });
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
    return new AppError('STOPPING', { cause: error });
  return new AppError('UPSTREAM_FAILED', { cause: error });
}

/** Why `signal` was aborted: its reason when that is one of ours, else the client went away. */
export function abortError(signal: AbortSignal): AppError {
  return signal.reason instanceof AppError
    ? signal.reason
    : new AppError('CLIENT_GONE', { cause: signal.reason });
}
