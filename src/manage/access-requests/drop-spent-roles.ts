/** Tidies up after requests whose time is over: the role made for each is held by nobody any more. */
import type { GrantRecord } from '../../core/policy.ts';
import type { Repositories } from '../../store/store.ts';
import { isOfRequest } from './lent-role.ts';

/** `ended` are grants that were just taken away. A role that somebody else was given too stays. */
export async function dropSpentRoles(tx: Repositories, ended: readonly GrantRecord[]): Promise<void> {
  const roles = new Set(ended.map(({ role }) => role).filter(isOfRequest));
  for (const role of roles) {
    if ((await tx.grants.list({ role }, { limit: 1 })).length > 0) continue;
    await tx.rules.removeAll({ sub: role });
    await tx.grants.removeAll({ subject: role });
    await tx.roles.remove(role);
  }
}
