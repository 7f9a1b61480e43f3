/** Removes a person: everything that lets them in or gives them rights goes, the name stays taken. */
import type { UserRecord } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { requireUser } from '../require.ts';
import { grantView, userView } from '../views.ts';
import { showUser } from './show-user.ts';

/** Throws `USER_UNKNOWN` or `LAST_ADMIN`. */
export async function removeUser(
  management: Management,
  actor: Actor,
  input: string,
): Promise<Written<UserRecord>> {
  const { name } = await requireUser(management.store.read, input);
  return management.writer.change(actor, { what: 'user.remove', target: name }, async (tx) => {
    const { user, grants } = await showUser(tx, name);
    const removedAt = management.clock.now();
    await tx.users.update(name, { active: false, passwordHash: null, removedAt });
    await tx.grants.removeAll({ subject: name });
    await tx.rules.removeAll({ sub: name });
    await tx.tokens.revokeAll(name, removedAt);
    await tx.sessions.removeAll(name);
    await tx.links.removeAll(name);
    await tx.state.bumpCredentials();
    const before = { ...userView(user), grants: grants.map(grantView) };
    return { result: { ...user, active: false, passwordHash: null, removedAt }, changed: true, before };
  });
}
