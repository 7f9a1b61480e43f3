/** Approves a request: gives a role of its own until an end, narrowed to what was asked for. */
import { AppError } from '../../core/errors.ts';
import type { AccessRequestRecord } from '../../store/access-requests.ts';
import type { Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import { putGrant } from '../grants/grant-role.ts';
import { lendRole } from '../lent-roles/lend-role.ts';
import type { Management } from '../management.ts';
import type { AuditedChange, Edited, Written } from '../policy-writer.ts';
import { requireFuture, requireRole, requireUser } from '../require.ts';
import { accessRequestView } from './access-request-view.ts';
import { assertNotOwn, assertOpen } from './close-access-request.ts';
import { roleOfRequest } from '../lent-roles/lent-role.ts';
import { showAccessRequest } from './list-access-requests.ts';
import { plainText } from './plain-text.ts';

export interface Approval {
  readonly id: number;
  /** Epoch milliseconds; eight hours from now when left out. */
  readonly expiresAt?: number | undefined;
  /** The one suggested when left out. */
  readonly role?: string | undefined;
  /** Pattern the role is narrowed to; `**`: not at all. What was asked for when left out. */
  readonly path?: string | undefined;
  /** A word to whoever asked. */
  readonly note?: string | undefined;
}

const HOUR = 3_600_000;
const APPROVED_FOR = 8 * HOUR;
const NOT_NARROWED = '**';
/** Segments that a path pattern reads as more than themselves. */
const PATTERNS = new Set(['*', '**', '{user}']);

/**
 * In force when it answers. Approving again without saying anything else changes nothing. Throws `REQUEST_UNKNOWN`, `REQUEST_OWN`,
 * `REQUEST_DECIDED`, `USER_UNKNOWN`, `ROLE_UNKNOWN`, `INPUT_INVALID` or `BEYOND_OWN_RIGHTS`.
 */
export async function approveAccess(
  management: Management,
  actor: Actor,
  approval: Approval,
): Promise<Written<AccessRequestRecord>> {
  const { id } = approval;
  const now = management.clock.now();
  const note = plainText('note', approval.note ?? '');
  requireFuture('expires_at', approval.expiresAt, now);
  return management.writer.change(actor, { what: 'request.approve', target: String(id) }, async (tx) => {
    const request = await showAccessRequest(tx, id);
    assertNotOwn(request, actor);
    if (isSame(request, { ...approval, note: approval.note === undefined ? undefined : note }))
      return { result: request, changed: false };
    assertOpen(request, now);
    return give(tx, { request, approval: { ...approval, note }, actor, now });
  });
}

interface Giving {
  readonly request: AccessRequestRecord;
  readonly approval: Approval & { readonly note: string };
  readonly actor: Actor;
  readonly now: number;
}

async function give(tx: Repositories, giving: Giving): Promise<Edited<AccessRequestRecord>> {
  const { request, approval, actor, now } = giving;
  const { name: subject } = await requireUser(tx, request.subject);
  const change = {
    status: 'approved',
    role: await roleOf(tx, giving),
    grantedRole: roleOfRequest(request.id),
    expiresAt: approval.expiresAt ?? now + APPROVED_FOR,
    decidedAt: now,
    decidedBy: actor.subject,
    note: approval.note,
  } as const;
  const { role, grantedRole, expiresAt } = change;
  if (!(await tx.accessRequests.close(request.id, change))) throw new AppError('REQUEST_DECIDED');
  const path = pathOf(giving);
  const made = { by: actor.subject, at: now };
  await lendRole(
    tx,
    {
      role,
      path,
      server: request.server,
      grantedRole,
      expiresAt,
      subject,
      description: `Request of ${subject}`,
    },
    made,
  );
  const granted = await putGrant(tx, { subject, role: grantedRole, server: request.server, expiresAt }, made);
  const approved = { ...request, ...change };
  const also: AuditedChange = {
    what: 'grant.add',
    target: `${subject} ${grantedRole}`,
    after: granted.after,
  };
  return {
    result: approved,
    changed: true,
    before: accessRequestView(request, now),
    after: { ...accessRequestView(approved, now), narrowed_to: path === '' ? null : path },
    also: [also],
  };
}

async function roleOf(tx: Repositories, { request, approval }: Giving): Promise<string> {
  const role = approval.role ?? request.role;
  if (role !== '') return requireRole(tx, role);
  const message = 'no role alone would allow what was asked for: name the one to give, or decline';
  throw new AppError('INPUT_INVALID', { problems: [{ at: 'role', message }] });
}

/** A file, or a directory with what is in it; `''` where the role is given as it is. */
function pathOf({ request, approval }: Giving): string {
  if (approval.path !== undefined) return approval.path === NOT_NARROWED ? '' : approval.path;
  const { path } = request;
  if (path === '') return '';
  // A file may be called `*`: as a pattern its name would stand for all others too.
  if (path.split('/').some((segment) => PATTERNS.has(segment))) {
    const message = `\`${path}\` would be read as a pattern for other paths too: name the path to give`;
    throw new AppError('INPUT_INVALID', { problems: [{ at: 'path', message }] });
  }
  return path === '/' ? '/**' : `${path}/**`;
}

/** Where it was narrowed to is in the audit alone, so an approval that names a path is another one. */
function isSame(request: AccessRequestRecord, { expiresAt, role, path, note }: Approval): boolean {
  return (
    request.status === 'approved' &&
    (expiresAt === undefined || expiresAt === request.expiresAt) &&
    (role === undefined || request.role === role || request.role === `role:${role}`) &&
    path === undefined &&
    (note === undefined || note === request.note)
  );
}
