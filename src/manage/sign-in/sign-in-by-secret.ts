/** The way a link and a token have in common: guarded, recorded when refused, one transaction, one session. */
import type { Repositories } from '../../store/store.ts';
import { guardedByAddress } from './guarded-by-address.ts';
import { openSession } from './open-session.ts';
import type { OpenedSession, OpenSessionInput, SignInOrigin } from './open-session.ts';
import { recordRefusal } from './record-refusal.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** Whom the secret stands for, as read inside the transaction. */
export type Redeem = (tx: Repositories) => Promise<Pick<OpenSessionInput, 'user' | 'notAfter' | 'token'>>;

/** Opens the session. Throws `TOO_MANY_ATTEMPTS`, `DENIED_DISABLED` and what `redeem` throws. */
export async function signInBySecret(
  deps: SignInDeps,
  how: 'link' | 'token',
  { address, previous }: SignInOrigin,
  redeem: Redeem,
): Promise<OpenedSession> {
  const session = await guardedByAddress(deps, address, () =>
    recordRefusal(deps, { how, user: '', address }, () =>
      deps.store.transaction(async (tx) =>
        openSession(deps, tx, { address, previous, how, ...(await redeem(tx)) }),
      ),
    ),
  );
  if (previous !== undefined) deps.forget();
  return session;
}
