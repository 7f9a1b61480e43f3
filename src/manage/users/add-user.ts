/** Creates a person. */
import { AppError } from '../../core/errors.ts';
import { userName } from '../../core/names.ts';
import type { UserRecord } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { assertReaches } from '../own-rights.ts';
import type { Written } from '../policy-writer.ts';
import { userView } from '../views.ts';

export interface NewUser {
  readonly name: string;
  /** The name again when left out. */
  readonly displayName?: string | undefined;
  /** Left out: the user signs in by link or token only. */
  readonly password?: string | undefined;
}

/**
 * Throws `NAME_INVALID`, `NAME_TAKEN`, `NAME_RETIRED` for a name that belonged to somebody who was removed, or
 * `BEYOND_OWN_RIGHTS` for a password when everybody signed in may do what the actor may not: they could sign in with it.
 */
export async function addUser(
  management: Management,
  actor: Actor,
  input: NewUser,
): Promise<Written<UserRecord>> {
  const name = userName(input.name);
  // Before the transaction: hashing takes long on purpose and would hold up every other writer.
  const passwordHash = input.password === undefined ? null : await management.hashPassword(input.password);
  return management.writer.change(actor, { what: 'user.add', target: name }, async (tx) => {
    const existing = await tx.users.find(name);
    if (existing !== undefined) {
      throw new AppError(existing.removedAt === null ? 'NAME_TAKEN' : 'NAME_RETIRED', {
        detail: `received \`${name}\``,
      });
    }
    if (passwordHash !== null) assertReaches(management, actor, { user: name });
    const user: UserRecord = {
      name,
      displayName: input.displayName ?? name,
      active: true,
      passwordHash,
      createdAt: management.clock.now(),
      removedAt: null,
    };
    await tx.users.insert(user);
    return { result: user, changed: true, after: userView(user) };
  });
}
