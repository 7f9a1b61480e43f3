/** Gives a role to a user, to another role or to `anonymous`; in force when it answers. */
import { AppError } from '../../core/errors.ts';
import { serverName } from '../../core/names.ts';
import type { GrantRecord } from '../../core/policy.ts';
import type { Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Edited, Written } from '../policy-writer.ts';
import { requireFuture, requireRole, requireSubject } from '../require.ts';
import { grantView } from '../views.ts';

/** Times are epoch milliseconds. Left out: as it is; `null`: without a start or end. A start in the past is none. */
export interface GrantTimes {
  readonly startsAt?: number | null | undefined;
  readonly expiresAt?: number | null | undefined;
}

export interface NewGrant extends GrantTimes {
  readonly subject: string;
  /** `viewer` and `role:viewer` are the same. */
  readonly role: string;
  /** `*`, any server, when left out. */
  readonly server?: string | undefined;
}

export interface Granted {
  readonly grant: GrantRecord;
  /** Whether the subject did not hold the role before. */
  readonly created: boolean;
}

/**
 * Idempotent: what the subject holds already stays, with the end it has unless another is named. A grant that has
 * ended counts as not there. Throws `USER_UNKNOWN`, `ROLE_UNKNOWN`, `NAME_INVALID`, `INPUT_INVALID` (an end in the past
 * or before the start), `ROLE_CYCLE`, `ROLE_DEPTH`, `GRANTS_TOO_MANY`, `LAST_ADMIN` or `BEYOND_OWN_RIGHTS`.
 */
export async function grantRole(
  management: Management,
  actor: Actor,
  input: NewGrant,
): Promise<Written<Granted>> {
  requireFuture('expires_at', input.expiresAt, management.clock.now());
  const note = { what: 'grant.add', target: `${input.subject} ${input.role}` };
  return management.writer.change(actor, note, (tx) =>
    putGrant(tx, input, { by: actor.subject, at: management.clock.now() }),
  );
}

/** The same inside a transaction that does more. */
export async function putGrant(
  tx: Repositories,
  input: NewGrant,
  made: { readonly by: string; readonly at: number },
): Promise<Edited<Granted>> {
  const subject = await requireSubject(tx, input.subject);
  const role = await requireRole(tx, input.role);
  const server = serverName(input.server ?? '*');
  const target = `${subject} ${role}`;
  const existing = await tx.grants.findExact(subject, role, server);
  const hasEnded = existing !== undefined && existing.expiresAt !== null && existing.expiresAt <= made.at;
  if (existing === undefined || hasEnded) {
    if (existing !== undefined) await tx.grants.remove(existing.id);
    const times = { startsAt: pending(input.startsAt, made.at), expiresAt: input.expiresAt ?? null };
    assertLasts(times);
    const grant = await tx.grants.insert({
      subject,
      role,
      server,
      ...times,
      createdAt: made.at,
      createdBy: made.by,
    });
    return { result: { grant, created: true }, changed: true, target, after: grantView(grant) };
  }
  const startsAt = input.startsAt === undefined ? existing.startsAt : pending(input.startsAt, made.at);
  const expiresAt = input.expiresAt === undefined ? existing.expiresAt : input.expiresAt;
  if (startsAt === existing.startsAt && expiresAt === existing.expiresAt) {
    return { result: { grant: existing, created: false }, changed: false };
  }
  assertLasts({ startsAt, expiresAt });
  await tx.grants.update(existing.id, { startsAt, expiresAt });
  const grant = { ...existing, startsAt, expiresAt };
  return {
    result: { grant, created: false },
    changed: true,
    target,
    before: grantView(existing),
    after: grantView(grant),
  };
}

/** A start is kept only while it is still to come: the clock clears it when it has. */
function pending(startsAt: number | null | undefined, now: number): number | null {
  return startsAt === undefined || startsAt === null || startsAt <= now ? null : startsAt;
}

function assertLasts({ startsAt, expiresAt }: Pick<GrantRecord, 'startsAt' | 'expiresAt'>): void {
  if (startsAt === null || expiresAt === null || startsAt < expiresAt) return;
  const message = `expected a time before it ends (\`${new Date(expiresAt).toISOString()}\`), received \`${new Date(startsAt).toISOString()}\``;
  throw new AppError('INPUT_INVALID', { problems: [{ at: 'starts_at', message }] });
}
