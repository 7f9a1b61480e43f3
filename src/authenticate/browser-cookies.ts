/**
 * The three cookies of a browser: the session, the guest, and the `_xsrf` value that scripts repeat in a header.
 * Names carry the instance id, because cookies know no ports: two gates on one host must not read each other's.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { cookieValues, setCookie } from './cookie-header.ts';
import { sameSecret } from './secrets.ts';

export const XSRF_COOKIE = '_xsrf';
const GUEST_SECONDS = 30 * 24 * 3600;
const GUEST_ID = /^[0-9a-f]{32}$/;

export interface BrowserCookiesOptions {
  /** Letters, digits and `-`: it becomes part of cookie names. */
  readonly instanceId: string;
  /** Key of the HMACs; changing it ends every guest, not the sessions. */
  readonly secret: Buffer;
  /** `/` or `/prefix/`: the path of all cookies. */
  readonly baseUrl: string;
}

export interface BrowserCookies {
  /**
   * Secret of the session cookie, or undefined. Two different ones are `ambiguous`: a script can plant a second cookie
   * under a deeper path, and guessing which is the real one would let it choose the account.
   */
  session(
    header: string | undefined,
    secure: boolean,
  ): { readonly secret: string | undefined; readonly ambiguous: boolean };
  /** `Set-Cookie` that opens a session; `maxAge` in seconds. */
  openSession(secret: string, options: { readonly secure: boolean; readonly maxAge: number }): string;
  /** `Set-Cookie` that removes the session cookie. */
  closeSession(secure: boolean): string;
  /** Id of the guest whose cookie is genuine, or undefined. */
  guest(header: string | undefined, secure: boolean): string | undefined;
  /** A new guest: its id and the `Set-Cookie` that keeps it. */
  newGuest(secure: boolean): { readonly id: string; readonly cookie: string };
  /** Value `_xsrf` must have for a session or guest. */
  xsrfValue(kind: 'session' | 'guest', id: string): string;
  /** `Set-Cookie` for `_xsrf`, or undefined when the browser has exactly that value already. */
  xsrfCookie(header: string | undefined, value: string, secure: boolean): string | undefined;
}

/** Throws `TypeError` when `instanceId` cannot be part of a cookie name. */
export function createBrowserCookies(options: BrowserCookiesOptions): BrowserCookies {
  const { instanceId, secret, baseUrl: path } = options;
  if (!/^[A-Za-z0-9-]{1,64}$/.test(instanceId)) {
    throw new TypeError(`expected an instance id of letters, digits and \`-\`, received \`${instanceId}\``);
  }
  const plain = `jupyter-gate-${instanceId}`;
  // `__Host-` keeps sibling domains from planting a cookie; browsers accept it only with Secure and Path=/.
  const hasHostNames = path === '/';
  const named = (suffix: string, secure: boolean): string =>
    (secure && hasHostNames ? '__Host-' : '') + plain + suffix;
  // Browsers send a `__Host-` cookie over TLS only, so where there is one it counts, whatever `secure` says.
  function sent(header: string | undefined, suffix: string, secure: boolean): readonly string[] {
    const prefixed = hasHostNames ? cookieValues(header, named(suffix, true)) : [];
    return prefixed.length > 0 || (secure && hasHostNames) ? prefixed : cookieValues(header, plain + suffix);
  }
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');
  // Lax, not Strict: a link in a chat or mail must open signed in. `_xsrf`, which is Strict, guards what acts.
  const hidden = (secure: boolean, maxAge: number) =>
    ({ path, secure, httpOnly: true, sameSite: 'Lax', maxAge }) as const;

  return {
    session(header, secure) {
      const values = sent(header, '', secure);
      return { secret: values.length === 1 ? values[0] : undefined, ambiguous: values.length > 1 };
    },
    openSession: (value, { secure, maxAge }) => setCookie(named('', secure), value, hidden(secure, maxAge)),
    closeSession: (secure) => setCookie(named('', secure), '', hidden(secure, 0)),
    guest(header, secure) {
      for (const value of sent(header, '-guest', secure)) {
        const [id = '', mac = ''] = value.split('.');
        if (GUEST_ID.test(id) && sameSecret(mac, sign(`guest:${id}`))) return id;
      }
      return undefined;
    },
    newGuest(secure) {
      const id = randomBytes(16).toString('hex');
      const value = `${id}.${sign(`guest:${id}`)}`;
      return { id, cookie: setCookie(named('-guest', secure), value, hidden(secure, GUEST_SECONDS)) };
    },
    xsrfValue: (kind, id) => sign(`xsrf:${kind}:${id}`),
    xsrfCookie(header, value, secure) {
      const present = cookieValues(header, XSRF_COOKIE);
      if (present.length === 1 && present[0] === value) return undefined;
      return setCookie(XSRF_COOKIE, value, { path, secure, httpOnly: false, sameSite: 'Strict' });
    },
  };
}
