/** How many roles somebody holds at most, so that nothing is made ready for people with thousands where there are none. */
import { itemAt } from './compiled/persistent-array.ts';
import type { PersistentArray } from './compiled/persistent-array.ts';
import type { Edges } from './edges.ts';

/** Larger than any number of roles. */
const TOO_MANY = 1_000_000_000;

/**
 * The most roles that come with any of them, itself counted. `implied` are those that come without a grant. What is
 * reached on several ways is counted for each of them.
 */
export function mostReached(
  lists: PersistentArray<{ readonly edges: Edges | undefined }>,
  implied: readonly number[],
): number {
  const reach: number[] = [];
  const reachFrom = (role: number): number => {
    const known = reach[role];
    if (known !== undefined) return known;
    // for what comes back to itself, as grants for different servers may
    reach[role] = TOO_MANY;
    const without = implied[role] ?? -1;
    let sum = without === -1 ? 1 : 1 + reachFrom(without);
    for (const next of itemAt(lists, role)?.edges?.roles ?? [])
      sum = Math.min(TOO_MANY, sum + reachFrom(next));
    return (reach[role] = sum);
  };
  return implied.reduce((most, _, role) => Math.max(most, reachFrom(role)), 1);
}
