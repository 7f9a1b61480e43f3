/**
 * What keeps other sites from acting with a browser's cookies. Behind the gate Jupyter checks neither Origin nor XSRF
 * once a token is injected, so this is the only check there is (jupyter_server, `auth/identity.py` and `base/handlers.py`).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../core/errors.ts';
import type { ClientInfo } from '../core/http.ts';
import type { Identity } from '../core/identity.ts';
import { XSRF_COOKIE } from './browser-cookies.ts';
import { cookieValues } from './cookie-header.ts';
import { sameSecret } from './secrets.ts';

export interface DefendedRequest {
  readonly method: string;
  /** Whether it asks for a WebSocket. */
  readonly upgrade: boolean;
  readonly headers: IncomingHttpHeaders;
  /** `_xsrf` of the query, or of a form of our own. */
  readonly queryXsrf?: string | undefined;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Throws `HOST_UNKNOWN`, `ORIGIN_MISMATCH` or `XSRF_MISMATCH` for callers whose browser sends the credential by itself.
 * A token is sent on purpose, so its bearer needs none of the three. `Sec-Fetch-*` is never relied on: not every
 * browser sends it, and other programs on the way may not keep it.
 */
export function defend(
  request: DefendedRequest,
  client: ClientInfo,
  identity: Identity,
  publicOrigins: readonly string[],
): void {
  if (!identity.ambient) return;
  // Also for GET: after DNS rebinding a foreign page is same-origin with us, and only the Host tells.
  if (
    !publicOrigins.includes(client.origin) &&
    !publicOrigins.some((origin) => hasHost(origin, client.host))
  ) {
    throw new AppError('HOST_UNKNOWN', { detail: `received ${JSON.stringify(client.host.slice(0, 80))}` });
  }
  if (SAFE_METHODS.has(request.method) && !request.upgrade) return;
  const { origin } = request.headers;
  if (origin === undefined || !publicOrigins.includes(origin)) {
    throw new AppError('ORIGIN_MISMATCH', {
      detail: origin === undefined ? 'no `Origin` header' : `received ${JSON.stringify(origin.slice(0, 80))}`,
    });
  }
  if (!carriesXsrf(request, identity.xsrf)) throw new AppError('XSRF_MISMATCH');
}

/** The cookie, and on HTTP its repetition by somebody who can read it; browsers cannot add headers to an upgrade. */
function carriesXsrf(request: DefendedRequest, expected: string | null): boolean {
  if (expected === null) return false;
  const { headers } = request;
  if (!cookieValues(headers.cookie, XSRF_COOKIE).some((value) => sameSecret(value, expected))) return false;
  if (request.upgrade) return true;
  const repeated = headers['x-xsrftoken'] ?? headers['x-csrftoken'] ?? request.queryXsrf;
  return typeof repeated === 'string' && sameSecret(repeated, expected);
}

/** Whether `host`, as a Host header spells it, is the authority of `origin`; the default port may be written or not. */
function hasHost(origin: string, host: string): boolean {
  const [scheme = '', authority = ''] = origin.split('://');
  const asked = host.toLowerCase();
  return asked === authority || asked === `${authority}:${scheme === 'https' ? 443 : 80}`;
}
