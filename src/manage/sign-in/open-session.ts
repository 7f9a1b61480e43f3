/** Opens a session inside a transaction; the one this browser had before ends with it, so that no secret outlives a sign-in. */
import { hashSecret, mintId, mintSecret } from '../../authenticate/secrets.ts';
import { AppError } from '../../core/errors.ts';
import type { Repositories, UserRecord } from '../../store/store.ts';
import { closeSession } from './close-session.ts';
import { maySignIn } from './may-sign-in.ts';
import { instant } from '../views.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** Where a sign-in comes from. */
export interface SignInOrigin {
  readonly address: string;
  /** Secret of the session cookie this browser has now, if any: that session is replaced. */
  readonly previous: string | undefined;
}

export interface OpenedSession {
  /** Goes into the cookie and nowhere else. */
  readonly secret: string;
  readonly id: string;
  readonly user: string;
  readonly displayName: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface OpenSessionInput extends SignInOrigin {
  readonly user: string;
  readonly how: 'password' | 'link' | 'token' | 'invitation';
  /** The session ends then at the latest; `null` leaves it at its usual lifetime. */
  readonly notAfter: number | null;
  /** Id of the API token that opens it; the session ends with it. */
  readonly token?: string | undefined;
  /** Refuses by throwing: what was checked before the transaction may have changed since. */
  readonly recheck?: ((user: UserRecord) => void) | undefined;
}

/** Throws `DENIED_DISABLED` when the user may not sign in any more. */
export async function openSession(
  deps: Pick<SignInDeps, 'clock' | 'sessionLifetime'>,
  tx: Repositories,
  input: OpenSessionInput,
): Promise<OpenedSession> {
  const user = await tx.users.find(input.user);
  if (!maySignIn(user)) throw new AppError('DENIED_DISABLED');
  input.recheck?.(user);
  const now = deps.clock.now();
  const expiresAt = Math.min(now + deps.sessionLifetime, input.notAfter ?? Infinity);
  const { address, token: tokenId = null } = input;
  const session = { id: mintId(), user: user.name, createdAt: now, expiresAt, address, tokenId };
  const secret = mintSecret();
  if (input.previous !== undefined) {
    await closeSession(tx, { secret: input.previous, at: now, address, why: 'replaced' });
  }
  await tx.sessions.insert({ ...session, hash: hashSecret(secret) });
  const { revision } = await tx.state.counters();
  await tx.audit.append({
    at: now,
    actor: user.name,
    address,
    what: 'session.open',
    target: user.name,
    before: null,
    after: { session: session.id, how: input.how, expires_at: instant(expiresAt) },
    revision,
  });
  return { secret, id: session.id, user: user.name, displayName: user.displayName, expiresAt };
}
