/** Whether an account can be used at all. */
import type { UserRecord } from '../../store/store.ts';

/** False for a user nobody knows, who was removed or who was disabled. */
export function maySignIn(user: UserRecord | undefined): user is UserRecord {
  return user !== undefined && user.removedAt === null && user.active;
}
