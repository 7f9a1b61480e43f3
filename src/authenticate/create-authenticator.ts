/** Finds out who is asking: an API token, a session cookie, or an anonymous browser. */
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import { ROOT_SUBJECT } from '../core/identity.ts';
import { GUEST_PREFIX } from '../core/names.ts';
import type { Soon } from '../core/soon.ts';
import type { Attempts } from './attempts.ts';
import type { Authenticator, Caller, CredentialSource, Identified } from './authenticator.ts';
import { createBrowserCookies } from './browser-cookies.ts';
import { createGuessGuard } from './guess-guard.ts';
import { createLookUpCache } from './look-up-cache.ts';
import { presentedToken } from './presented-token.ts';
import { hashSecret, sameSecret } from './secrets.ts';

export interface AuthenticatorDeps {
  readonly source: CredentialSource;
  readonly clock: Clock;
  /** Part of the cookie names: two gates on one host do not read each other's cookies. */
  readonly instanceId: string;
  /** Key of the HMACs over guests and `_xsrf` values. */
  readonly secret: Buffer;
  /** SHA-256 of the admin token, hex; who presents it to the admin listener is `gate:root`. */
  readonly adminTokenHash?: string | undefined;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
  /** Counts guesses of tokens by the address they come from. */
  readonly guesses: Pick<Attempts, 'check' | 'begin' | 'refund'>;
  /** Credentials kept in memory. */
  readonly cacheSize?: number | undefined;
}

const CACHE_SIZE = 10_000;
/** Characters of a `Cookie` header that is remembered; somebody may send 16 kB of them with each request. */
const LONGEST_HEADER = 2048;

const NONE: readonly string[] = [];

const ROOT: Identity = {
  subject: ROOT_SUBJECT,
  displayName: 'gate root',
  credential: 'token',
  roles: null,
  credentialId: null,
  ambient: false,
  xsrf: null,
  expiresAt: null,
};

/** See `Authenticator`. Throws `TypeError` when `instanceId` cannot be part of a cookie name. */
export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const { source, clock } = deps;
  const cookies = createBrowserCookies(deps);
  const size = deps.cacheSize ?? CACHE_SIZE;
  const tokens = createLookUpCache((hash) => withUser(source, source.token(hash)), size);
  const guarded = createGuessGuard(deps.guesses, size);
  const sessions = createLookUpCache(async (hash) => {
    const found = await withUser(source, source.session(hash));
    return found === undefined ? undefined : { ...found, xsrf: cookies.xsrfValue('session', found.id) };
  }, size);

  /** By the whole `Cookie` header, who needs no cookie set: browsers send the same one with each request. */
  let signedIn = new Map<string, Identity>();

  async function tokenIdentity(token: string, { audience, address }: Caller): Promise<Identity> {
    const hash = hashSecret(token);
    // Before any guess is counted: what else runs on this machine must not be able to lock its administrator out.
    if (deps.adminTokenHash !== undefined && sameSecret(hash, deps.adminTokenHash)) {
      if (audience !== 'admin') throw new AppError('TOKEN_AUDIENCE');
      return ROOT;
    }
    const isKnown = address === undefined || tokens.has(hash);
    const found = await (isKnown ? tokens.get(hash) : guarded(hash, address, () => tokens.get(hash)));
    if (found === undefined || found.revokedAt !== null || ended(found.expiresAt, clock))
      throw new AppError('TOKEN_INVALID');
    if (found.audience !== audience) throw new AppError('TOKEN_AUDIENCE');
    return {
      subject: found.user,
      displayName: found.displayName,
      credential: 'token',
      roles: found.roles,
      credentialId: found.id,
      ambient: false,
      xsrf: null,
      expiresAt: found.expiresAt,
    };
  }

  async function sessionIdentity(secret: string | undefined): Promise<Identity | undefined> {
    if (secret === undefined || secret === '') return undefined;
    const found = await sessions.get(hashSecret(secret));
    if (found === undefined || ended(found.expiresAt, clock)) return undefined;
    return {
      subject: found.user,
      displayName: found.displayName,
      credential: 'session',
      roles: null,
      credentialId: found.id,
      ambient: true,
      xsrf: found.xsrf,
      expiresAt: found.expiresAt,
    };
  }

  function guestIdentity(id: string): Identity {
    return {
      subject: GUEST_PREFIX + id,
      displayName: 'Guest',
      credential: 'none',
      roles: null,
      credentialId: null,
      ambient: true,
      xsrf: cookies.xsrfValue('guest', id),
      expiresAt: null,
    };
  }

  function browserIdentity({ headers, secure }: Caller): Soon<Identified> {
    const { cookie } = headers;
    const key = `${secure ? 'https' : 'http'} ${cookie ?? ''}`;
    const known = signedIn.get(key);
    if (known !== undefined && !ended(known.expiresAt, clock)) return { identity: known, setCookies: NONE };
    return newBrowser(key, cookie, secure);
  }

  async function newBrowser(key: string, cookie: string | undefined, secure: boolean): Promise<Identified> {
    // Replaced, never emptied: who was found before `forget` is not kept after it.
    const remembered = signedIn;
    const identified = await readCookies(cookie, secure);
    const { identity, setCookies } = identified;
    if (identity.credential === 'session' && setCookies.length === 0 && key.length <= LONGEST_HEADER) {
      if (remembered.size >= size) remembered.clear();
      remembered.set(key, identity);
    }
    return identified;
  }

  async function bearerOf(token: string, caller: Caller): Promise<Identified> {
    return { identity: await tokenIdentity(token, caller), setCookies: NONE };
  }

  async function readCookies(cookie: string | undefined, secure: boolean): Promise<Identified> {
    const setCookies: string[] = [];
    const presented = cookies.session(cookie, secure);
    let identity = await sessionIdentity(presented.secret);
    if (identity === undefined) {
      if (presented.secret !== undefined || presented.ambiguous)
        setCookies.push(cookies.closeSession(secure));
      let id = cookies.guest(cookie, secure);
      if (id === undefined) {
        const guest = cookies.newGuest(secure);
        setCookies.push(guest.cookie);
        id = guest.id;
      }
      identity = guestIdentity(id);
    }
    const xsrf = identity.xsrf === null ? undefined : cookies.xsrfCookie(cookie, identity.xsrf, secure);
    if (xsrf !== undefined) setCookies.push(xsrf);
    return { identity, setCookies };
  }

  return {
    identify(caller) {
      const token = presentedToken(caller.headers, caller.queryToken);
      if (token !== undefined) return bearerOf(token, caller);
      // Everyone who may write a notebook can run script in another person's browser: cookies never reach the admin API.
      if (caller.audience === 'admin') throw new AppError('SIGN_IN_REQUIRED');
      return browserIdentity(caller);
    },
    forget() {
      tokens.clear();
      sessions.clear();
      signedIn = new Map();
    },
  };
}

function ended(expiresAt: number | null, clock: Clock): boolean {
  return expiresAt !== null && expiresAt <= clock.now();
}

/** The credential with its owner's display name; undefined when either is gone or the owner is disabled. */
async function withUser<Found extends { readonly user: string }>(
  source: CredentialSource,
  finding: Promise<Found | undefined>,
): Promise<(Found & { readonly displayName: string }) | undefined> {
  const found = await finding;
  if (found === undefined) return undefined;
  const user = await source.user(found.user);
  return user?.active === true ? { ...found, displayName: user.displayName } : undefined;
}
