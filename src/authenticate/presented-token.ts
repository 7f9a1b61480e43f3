/** Finds the API token a request carries, as Jupyter's clients send it. */
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../core/errors.ts';
import { sameSecret } from './secrets.ts';

const CREDENTIALS = /^(?:bearer|token) +([\u0021-\u007e]+)$/i;

/**
 * The token of `Authorization: Bearer T`, `Authorization: token T` or `?token=T`; undefined when there is none.
 * Throws `TOKEN_INVALID` for another scheme, a malformed header, or two different tokens: whoever sent a credential
 * is never treated as nobody.
 */
export function presentedToken(
  headers: IncomingHttpHeaders,
  queryToken: string | undefined,
): string | undefined {
  const fromQuery = queryToken === '' ? undefined : queryToken;
  const { authorization } = headers;
  if (authorization === undefined) return fromQuery;
  const fromHeader = CREDENTIALS.exec(authorization.trim())?.[1];
  if (fromHeader === undefined) {
    throw new AppError('TOKEN_INVALID', { detail: 'expected `Authorization: Bearer TOKEN`' });
  }
  if (fromQuery !== undefined && !sameSecret(fromQuery, fromHeader)) {
    throw new AppError('TOKEN_INVALID', { detail: 'the header and `?token=` carry different tokens' });
  }
  return fromHeader;
}
