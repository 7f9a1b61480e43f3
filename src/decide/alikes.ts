/** Who holds the same: where they stand to a policy is worked out once for them all. */
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { isGuest } from '../core/names.ts';
import type { GrantRecord } from '../core/policy.ts';

/** A number for each list of roles and servers that people or guests hold for ever; only ever added to. */
export type Alikes = Map<string, number>;

/** People with more grants than this have a standing of their own. */
const MAX_GRANTS = 8;

/** The number of what `subject` holds; `undefined` for roles, and where the clock matters or there are many grants. */
export function alikeOf(alikes: Alikes, subject: string, grants: readonly GrantRecord[]): number | undefined {
  let held = implicitRole(subject);
  if (held === undefined || grants.length > MAX_GRANTS) return undefined;
  for (const { role, server, startsAt, expiresAt } of grants) {
    if (startsAt !== null || expiresAt !== null) return undefined;
    // the lengths first, so that no two lists have the same text
    held += `${role.length} ${role}${server.length} ${server}`;
  }
  const known = alikes.get(held);
  if (known === undefined) alikes.set(held, alikes.size);
  return known ?? alikes.size - 1;
}

/** The role a subject holds without any grant, or `undefined`: everybody signed in is `role:everyone`, guests are `anonymous`. */
export function implicitRole(subject: string): string | undefined {
  if (isGuest(subject)) return ANONYMOUS;
  return subject === '' || subject === ANONYMOUS || subject.includes(':') ? undefined : EVERYONE_ROLE;
}
