/** One person with the roles given to them directly. */
import type { GrantRecord } from '../../core/policy.ts';
import type { Repositories, UserRecord } from '../../store/store.ts';
import { readAll } from '../page.ts';
import { requireUser } from '../require.ts';

export interface ShownUser {
  readonly user: UserRecord;
  readonly grants: readonly GrantRecord[];
}

/** Throws `USER_UNKNOWN`. Takes repositories, so that a transaction can ask what a reader was shown. */
export async function showUser(repositories: Repositories, name: string): Promise<ShownUser> {
  const user = await requireUser(repositories, name);
  const filter = { subject: user.name };
  const grants = await readAll((page) => repositories.grants.list(filter, page));
  return { user, grants };
}
