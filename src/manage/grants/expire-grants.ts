/** Makes what the clock does to grants a change like any other: a revision, and an audit entry for each grant. */
import { momentOf } from '../../decide/grant-table.ts';
import type { GrantRecord } from '../../core/policy.ts';
import type { Repositories } from '../../store/store.ts';
import { dropSpentRoles } from '../lent-roles/drop-spent-roles.ts';
import { clockActor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { AuditedChange, Written } from '../policy-writer.ts';
import { grantView } from '../views.ts';

export interface ClockChange {
  readonly ended: readonly GrantRecord[];
  readonly started: readonly GrantRecord[];
}

/**
 * Takes away the grants whose end has come and marks those begun whose start has come, all in one revision. A grant
 * that ended is gone from the database, so neither a restart nor a clock set back brings it to life again. Changes
 * nothing when nothing is due; of several gates on one database the first one does it.
 */
export async function expireGrants(management: Management): Promise<Written<ClockChange>> {
  return management.writer.change(clockActor, { what: 'grant.end', target: '' }, async (tx) => {
    const now = management.clock.now();
    const due = await dueOf(tx, management.decider.current.timedGrants(), now);
    const ended = due.filter((grant) => grant.expiresAt !== null && grant.expiresAt <= now);
    const started = due.filter((grant) => !ended.includes(grant));
    for (const grant of ended) await tx.grants.remove(grant.id);
    await dropSpentRoles(
      tx,
      ended.map(({ role }) => role),
    );
    const changes = [...ended.map(endOf), ...(await begin(tx, started))];
    const [first, ...also] = changes;
    return { result: { ended, started }, changed: first !== undefined, ...first, also };
  });
}

/** Those of the policy in force that are due, as the database has them now. */
async function dueOf(
  tx: Repositories,
  known: Iterable<GrantRecord>,
  now: number,
): Promise<readonly GrantRecord[]> {
  const due: GrantRecord[] = [];
  for (const candidate of known) {
    if (!isDue(candidate, now)) continue;
    const grant = await tx.grants.find(candidate.id);
    if (grant !== undefined && isDue(grant, now)) due.push(grant);
  }
  return due;
}

function endOf(grant: GrantRecord): AuditedChange {
  return { what: 'grant.end', target: `${grant.subject} ${grant.role}`, before: grantView(grant) };
}

async function begin(tx: Repositories, grants: readonly GrantRecord[]): Promise<AuditedChange[]> {
  const changes: AuditedChange[] = [];
  for (const grant of grants) {
    await tx.grants.update(grant.id, { startsAt: null });
    changes.push({
      what: 'grant.start',
      target: `${grant.subject} ${grant.role}`,
      before: grantView(grant),
      after: grantView({ ...grant, startsAt: null }),
    });
  }
  return changes;
}

/** Whether the grant's start or end has come and was not recorded yet. */
function isDue(grant: GrantRecord, now: number): boolean {
  return momentOf(grant) <= now;
}
