/** Signs a user in with name and password. */
import { addressKey } from '../../authenticate/attempts.ts';
import { AppError } from '../../core/errors.ts';
import { userName } from '../../core/names.ts';
import type { UserRecord } from '../../store/store.ts';
import { counted, guardedByAddress } from './guarded-by-address.ts';
import { openSession } from './open-session.ts';
import type { OpenedSession, SignInOrigin } from './open-session.ts';
import { recordRefusal } from './record-refusal.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export interface PasswordSignIn extends SignInOrigin {
  readonly name: string;
  readonly password: string;
}

/**
 * Throws `CREDENTIALS_WRONG` for a wrong password, an unknown name and a user without a password alike, after the same
 * work; `DENIED_DISABLED` only to who knows the password; `TOO_MANY_ATTEMPTS` and `OVERLOADED` before any work.
 */
export async function signInWithPassword(deps: SignInDeps, input: PasswordSignIn): Promise<OpenedSession> {
  const name = acceptableName(input.name);
  const key = `${name ?? ''} ${addressKey(input.address)}`;
  const { byName } = deps.attempts;
  const session = await counted(byName, key, () =>
    guardedByAddress(deps, input.address, () => attempt(deps, name, input)),
  );
  byName.succeed(key);
  if (input.previous !== undefined) deps.forget();
  return session;
}

async function attempt(
  deps: SignInDeps,
  name: string | undefined,
  input: PasswordSignIn,
): Promise<OpenedSession> {
  const user = name === undefined ? undefined : await deps.store.read.users.find(name);
  const refusal = { how: 'password', user: user?.name ?? '', address: input.address } as const;
  return recordRefusal(deps, refusal, () => verified(deps, user, input));
}

async function verified(
  deps: SignInDeps,
  user: UserRecord | undefined,
  input: PasswordSignIn,
): Promise<OpenedSession> {
  const checked = user?.removedAt === null ? user.passwordHash : null;
  const isRight = await deps.passwords.verify(input.password, checked);
  if (!isRight || user === undefined) throw new AppError('CREDENTIALS_WRONG');
  return deps.store.transaction((tx) =>
    openSession(deps, tx, {
      ...input,
      user: user.name,
      how: 'password',
      notAfter: null,
      recheck(now) {
        // The password was changed while the old one was being checked.
        if (now.passwordHash !== checked) throw new AppError('CREDENTIALS_WRONG');
      },
    }),
  );
}

/** Undefined for what cannot be a name; such a sign-in takes as long as any other. */
function acceptableName(input: string): string | undefined {
  try {
    return userName(input.trim());
  } catch {
    return undefined;
  }
}
