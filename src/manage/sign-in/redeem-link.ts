/** One-time sign-in links: looking at one, and using it up. */
import { hashSecret } from '../../authenticate/secrets.ts';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { LinkRecord, Repositories, UserRecord } from '../../store/store.ts';
import { guardedByAddress } from './guarded-by-address.ts';
import { maySignIn } from './may-sign-in.ts';
import type { OpenedSession, SignInOrigin } from './open-session.ts';
import { signInBySecret } from './sign-in-by-secret.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** The account a link or token stands for. */
export interface NamedAccount {
  readonly user: string;
  readonly displayName: string;
}

/** Names the account without using the link up. Throws `LINK_INVALID` or `TOO_MANY_ATTEMPTS`. */
export async function previewLink(
  deps: SignInDeps,
  { code, address }: { readonly code: string; readonly address: string },
): Promise<NamedAccount> {
  return guardedByAddress(deps, address, async () => {
    const { user } = await usableLink(deps.store.read, code, deps.clock);
    return { user: user.name, displayName: user.displayName };
  });
}

/** Uses the link up and opens a session in one transaction. Throws `LINK_INVALID` or `TOO_MANY_ATTEMPTS`. */
export async function redeemLink(
  deps: SignInDeps,
  input: SignInOrigin & { readonly code: string },
): Promise<OpenedSession> {
  return signInBySecret(deps, 'link', input, async (tx) => {
    const { link, user } = await usableLink(tx, input.code, deps.clock);
    // On PostgreSQL two browsers may both have read an unused link; one of them marks it.
    if (!(await tx.links.consume(link.hash, deps.clock.now()))) throw new AppError('LINK_INVALID');
    return { user: user.name, notAfter: null };
  });
}

async function usableLink(
  repositories: Repositories,
  code: string,
  clock: Clock,
): Promise<{ readonly link: LinkRecord; readonly user: UserRecord }> {
  const link = await repositories.links.find(hashSecret(code));
  if (link === undefined || link.usedAt !== null || link.expiresAt <= clock.now())
    throw new AppError('LINK_INVALID');
  const user = await repositories.users.find(link.user);
  if (!maySignIn(user)) throw new AppError('LINK_INVALID');
  return { link, user };
}
