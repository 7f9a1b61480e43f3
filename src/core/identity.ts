/** Who is asking, as authenticate found out. */

/** Outside the model: the holder of the admin token in the data directory. */
export const ROOT_SUBJECT = 'gate:root';
export const ANONYMOUS = 'anonymous';
export const EVERYONE_ROLE = 'role:everyone';

export type Audience = 'proxy' | 'admin';

/** How the caller proved who they are. `none` is an anonymous browser. */
export type Credential = 'session' | 'token' | 'none';

export interface Identity {
  /** Casbin subject: user name, `guest:<id>` or `gate:root`. */
  readonly subject: string;
  readonly displayName: string;
  readonly credential: Credential;
  /** Only these roles count, of those the owner holds (`roles` of a token); `null` means all. */
  readonly roles: readonly string[] | null;
  /** Id of the session or token, for the record and for closing what hangs on it; never the secret. */
  readonly credentialId: string | null;
  /** True when the browser sent the credential by itself (cookie or nothing): Origin and `_xsrf` are then required. */
  readonly ambient: boolean;
  /** Value the `_xsrf` cookie must have for this session or guest; `null` for tokens. */
  readonly xsrf: string | null;
  /** Epoch ms at which the credential ends, or `null`. */
  readonly expiresAt: number | null;
}

/** Whether the identity is a signed-in user (not a guest). */
export function isSignedIn(identity: Identity): boolean {
  return identity.credential !== 'none';
}
