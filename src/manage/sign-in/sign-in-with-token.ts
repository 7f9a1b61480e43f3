/** Turns an API token that came in the address of a page into a session, once its owner has confirmed it. */
import { hashSecret } from '../../authenticate/secrets.ts';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Repositories, TokenRecord, UserRecord } from '../../store/store.ts';
import { guardedByAddress } from './guarded-by-address.ts';
import { maySignIn } from './may-sign-in.ts';
import type { OpenedSession, SignInOrigin } from './open-session.ts';
import type { NamedAccount } from './redeem-link.ts';
import { signInBySecret } from './sign-in-by-secret.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** Names the account without opening a session. Throws what `signInWithToken` throws. */
export async function previewToken(
  deps: SignInDeps,
  { token, address }: { readonly token: string; readonly address: string },
): Promise<NamedAccount> {
  return guardedByAddress(deps, address, async () => {
    const { user } = await usableToken(deps.store.read, token, deps.clock);
    return { user: user.name, displayName: user.displayName };
  });
}

/**
 * The session ends with the token at the latest: when it expires or is revoked. Throws `TOKEN_INVALID`, also for a token that holds fewer roles than
 * its owner (a session would hold them all), `TOKEN_AUDIENCE` for one of the admin listener, or `TOO_MANY_ATTEMPTS`.
 */
export async function signInWithToken(
  deps: SignInDeps,
  input: SignInOrigin & { readonly token: string },
): Promise<OpenedSession> {
  return signInBySecret(deps, 'token', input, async (tx) => {
    const { record, user } = await usableToken(tx, input.token, deps.clock);
    return { user: user.name, notAfter: record.expiresAt, token: record.id };
  });
}

async function usableToken(
  repositories: Repositories,
  token: string,
  clock: Clock,
): Promise<{ readonly record: TokenRecord; readonly user: UserRecord }> {
  const record = await repositories.tokens.findByHash(hashSecret(token));
  if (record === undefined || record.revokedAt !== null) throw new AppError('TOKEN_INVALID');
  if (record.expiresAt !== null && record.expiresAt <= clock.now()) throw new AppError('TOKEN_INVALID');
  if (record.audience !== 'proxy') throw new AppError('TOKEN_AUDIENCE');
  const user = await repositories.users.find(record.user);
  if (!maySignIn(user)) throw new AppError('TOKEN_INVALID');
  if (record.roles !== null) {
    throw new AppError('TOKEN_INVALID', {
      detail: 'it holds fewer roles than its owner, so it cannot open a session',
    });
  }
  return { record, user };
}
