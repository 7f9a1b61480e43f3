/** Changes a person's display name or password, and lets them in or keeps them out. */
import type { Repositories, UserRecord } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { assertReaches } from '../own-rights.ts';
import type { Written } from '../policy-writer.ts';
import { requireUser } from '../require.ts';
import { userView } from '../views.ts';

export interface UserChange {
  readonly displayName?: string | undefined;
  /** False keeps them out and ends their sessions; tokens answer again when it is true. */
  readonly active?: boolean | undefined;
  /** A new password ends every session; `null` removes it. */
  readonly password?: string | null | undefined;
}

/**
 * Throws `USER_UNKNOWN`, `LAST_ADMIN`, or `BEYOND_OWN_RIGHTS` when the person may do what the actor may not:
 * whoever sets a password could sign in with it.
 */
export async function changeUser(
  management: Management,
  actor: Actor,
  input: UserChange & { readonly name: string },
): Promise<Written<UserRecord>> {
  const { name } = await requireUser(management.store.read, input.name);
  const hash =
    typeof input.password === 'string' ? await management.hashPassword(input.password) : input.password;
  return management.writer.change(actor, { what: 'user.change', target: name }, async (tx) => {
    const before = await requireUser(tx, name);
    const change = changeOf(before, input, hash);
    if (Object.keys(change).length === 0) return { result: before, changed: false };
    if (input.active === true || input.password !== undefined)
      assertReaches(management, actor, { user: name });
    await tx.users.update(name, change);
    if (change.active === false || 'passwordHash' in change) await endSessions(tx, name);
    const after = { ...before, ...change };
    const audited = 'passwordHash' in change ? { ...userView(after), password: 'changed' } : userView(after);
    return { result: after, changed: true, before: userView(before), after: audited };
  });
}

type RecordChange = { -readonly [Key in 'displayName' | 'active' | 'passwordHash']?: UserRecord[Key] };

function changeOf(before: UserRecord, input: UserChange, hash: string | null | undefined): RecordChange {
  const change: RecordChange = {};
  if (input.displayName !== undefined && input.displayName !== before.displayName)
    change.displayName = input.displayName;
  if (input.active !== undefined && input.active !== before.active) change.active = input.active;
  if (hash !== undefined && hash !== before.passwordHash) change.passwordHash = hash;
  return change;
}

async function endSessions(tx: Repositories, name: string): Promise<void> {
  await tx.sessions.removeAll(name);
  await tx.links.removeAll(name);
  await tx.state.bumpCredentials();
}
