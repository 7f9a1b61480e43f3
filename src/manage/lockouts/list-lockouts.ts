/** Lists who is kept from signing in because of too many wrong guesses. */
import { createHash } from 'node:crypto';
import type { Lock } from '../../authenticate/attempts.ts';
import type { Repositories } from '../../store/store.ts';
import type { SignInAttempts } from '../sign-in/sign-in-deps.ts';

/** Times are epoch milliseconds. */
export interface Lockout {
  readonly id: string;
  /** Whose password was guessed; `''` for an address that is locked for every name, and for a name nobody has. */
  readonly user: string;
  /** Where the guesses came from; of IPv6 the /64. */
  readonly address: string;
  readonly since: number;
  readonly until: number;
}

/** A lockout with the place where it can be lifted. */
export interface FoundLockout extends Lockout {
  readonly kind: keyof SignInAttempts;
  readonly key: string;
}

/** The latest last. Locks are kept in this process: each of several gates has its own. */
export async function listLockouts(
  repositories: Pick<Repositories, 'users'>,
  attempts: SignInAttempts,
): Promise<readonly FoundLockout[]> {
  const all = (['byName', 'byAddress'] as const).flatMap((kind) =>
    attempts[kind].locks().map((lock) => ({ kind, lock })),
  );
  const found = await Promise.all(all.map(({ kind, lock }) => shown(repositories, kind, lock)));
  return found.toSorted((one, other) => one.since - other.since);
}

async function shown(
  { users }: Pick<Repositories, 'users'>,
  kind: keyof SignInAttempts,
  { key, since, until }: Lock,
): Promise<FoundLockout> {
  const id = createHash('sha256').update(`${kind} ${key}`).digest('base64url').slice(0, 16);
  if (kind === 'byAddress') return { id, user: '', address: key, since, until, kind, key };
  const space = key.indexOf(' ');
  const name = key.slice(0, space);
  // People type passwords into the field of the name by mistake: only names of accounts are shown.
  const user = name === '' ? undefined : await users.find(name);
  return { id, user: user?.name ?? '', address: key.slice(space + 1), since, until, kind, key };
}
