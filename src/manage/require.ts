/** Looks up what a use case is about, or refuses with the code that says what is missing. */
import { AppError } from '../core/errors.ts';
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { isRole, roleName, subjectName, userName } from '../core/names.ts';
import type { Repositories, UserRecord } from '../store/store.ts';

/** The user called `input`. Throws `NAME_INVALID`, or `USER_UNKNOWN`, also for one that was removed. */
export async function requireUser(repositories: Repositories, input: string): Promise<UserRecord> {
  const name = userName(input);
  const user = await repositories.users.find(name);
  if (user === undefined || user.removedAt !== null) {
    throw new AppError('USER_UNKNOWN', { detail: `received \`${name}\`` });
  }
  return user;
}

/** The full name of a role that exists; accepts `viewer` for `role:viewer`. Throws `NAME_INVALID` or `ROLE_UNKNOWN`. */
export async function requireRole(repositories: Repositories, input: string): Promise<string> {
  const name = roleName(input);
  if (name === EVERYONE_ROLE) return name;
  if ((await repositories.roles.find(name)) === undefined) {
    throw new AppError('ROLE_UNKNOWN', { detail: `received \`${name}\`` });
  }
  return name;
}

/** The stored form of a user, role or `anonymous` that exists. Throws as the two above. */
export async function requireSubject(repositories: Repositories, input: string): Promise<string> {
  const subject = subjectName(input);
  if (subject === ANONYMOUS) return subject;
  if (isRole(subject)) return requireRole(repositories, subject);
  return (await requireUser(repositories, subject)).name;
}

/** Throws `INPUT_INVALID` at `field` unless `at` (epoch ms) lies after `now`; `null` and undefined pass. */
export function requireFuture(field: string, at: number | null | undefined, now: number): void {
  if (at === null || at === undefined || at > now) return;
  const message = `expected a time in the future, received \`${new Date(at).toISOString()}\``;
  throw new AppError('INPUT_INVALID', { problems: [{ at: field, message }] });
}
