/** What authenticate offers: who is it. It knows nothing of what is asked. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Audience, Identity } from '../core/identity.ts';
import type { Soon } from '../core/soon.ts';

/** Port to the credentials; the store's read side fits. Hashes are SHA-256, hex; times epoch ms. */
export interface CredentialSource {
  session(
    hash: string,
  ): Promise<{ readonly id: string; readonly user: string; readonly expiresAt: number } | undefined>;
  token(hash: string): Promise<
    | {
        readonly id: string;
        readonly user: string;
        readonly audience: Audience;
        readonly roles: readonly string[] | null;
        readonly expiresAt: number | null;
        readonly revokedAt: number | null;
      }
    | undefined
  >;
  user(name: string): Promise<{ readonly displayName: string; readonly active: boolean } | undefined>;
}

export interface Caller {
  readonly headers: IncomingHttpHeaders;
  /** Value of `?token=`, or undefined. */
  readonly queryToken: string | undefined;
  /** Which listener asks: tokens of the other audience are refused. The admin listener reads no cookie. */
  readonly audience: Audience;
  /** Whether the browser's cookies are to be marked Secure. */
  readonly secure: boolean;
  /** Where the client is: tokens that nobody was given count against it. Left out when an open connection is asked again. */
  readonly address?: string | undefined;
}

export interface Identified {
  readonly identity: Identity;
  /** `Set-Cookie` values for the answer: a new guest, a cleared cookie that was not valid, the `_xsrf` cookie. */
  readonly setCookies: readonly string[];
}

export interface Authenticator {
  /**
   * At once for a browser that was here lately. Throws or rejects with `TOKEN_INVALID`, `TOKEN_AUDIENCE`, `TOO_MANY_ATTEMPTS` or
   * `SIGN_IN_REQUIRED`; an invalid token is never anonymous. No database read on a cache hit.
   */
  identify(caller: Caller): Soon<Identified>;
  /** Drops what is cached: called when `revision` or `credentials` changed. */
  forget(): void;
}
