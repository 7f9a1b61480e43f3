/** One-time sign-in links: looking at one, and using it up. */
import { hashSecret } from '../../authenticate/secrets.ts';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { LinkRecord, Repositories, UserRecord } from '../../store/store.ts';
import { guardedByAddress } from './guarded-by-address.ts';
import { openSession } from './open-session.ts';
import type { OpenedSession, SignInOrigin } from './open-session.ts';
import { recordRefusal } from './record-refusal.ts';
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
  const { address, previous, code } = input;
  const refusal = { how: 'link', user: '', address } as const;
  const session = await guardedByAddress(deps, address, () =>
    recordRefusal(deps, refusal, () =>
      deps.store.transaction(async (tx) => {
        const { link, user } = await usableLink(tx, code, deps.clock);
        // On PostgreSQL two browsers may both have read an unused link; one of them marks it.
        if (!(await tx.links.consume(link.hash, deps.clock.now()))) throw new AppError('LINK_INVALID');
        return openSession(deps, tx, { address, previous, user: user.name, how: 'link', notAfter: null });
      }),
    ),
  );
  if (previous !== undefined) deps.forget();
  return session;
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
  if (user === undefined || user.removedAt !== null || !user.active) throw new AppError('LINK_INVALID');
  return { link, user };
}
