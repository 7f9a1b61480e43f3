/** When the clock next does something to a grant. */
import type { GrantRecord } from '../../core/policy.ts';

/** Whether the grant's start or end has come and was not recorded yet. */
export function isDue(grant: GrantRecord, now: number): boolean {
  return nextMoment(grant) <= now;
}

/** The earliest start or end among `grants`, epoch milliseconds; `Infinity` when nothing of theirs is timed. */
export function nextMomentOf(grants: readonly GrantRecord[]): number {
  let next = Number.POSITIVE_INFINITY;
  for (const grant of grants) next = Math.min(next, nextMoment(grant));
  return next;
}

function nextMoment({ startsAt, expiresAt }: GrantRecord): number {
  return Math.min(startsAt ?? Number.POSITIVE_INFINITY, expiresAt ?? Number.POSITIVE_INFINITY);
}
