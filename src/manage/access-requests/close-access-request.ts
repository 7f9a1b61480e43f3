/** Ends a request without giving anything: declined by an administrator, or withdrawn by whoever asked. */
import { AppError } from '../../core/errors.ts';
import type { AccessRequestRecord } from '../../store/access-requests.ts';
import type { Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { instant } from '../views.ts';
import { accessRequestView, statusAt } from './access-request-view.ts';
import { showAccessRequest, showOwnRequest } from './list-access-requests.ts';
import { plainText } from './plain-text.ts';

/** Declining again, with the same note or none, changes nothing. Throws `REQUEST_UNKNOWN`, `REQUEST_OWN`, `REQUEST_DECIDED` or `INPUT_INVALID`. */
export function declineAccess(
  management: Management,
  actor: Actor,
  { id, note = '' }: { readonly id: number; readonly note?: string | undefined },
): Promise<Written<AccessRequestRecord>> {
  const text = plainText('note', note);
  return close(
    management,
    actor,
    { id, what: 'request.decline', status: 'declined', note: text },
    async (tx) => {
      const request = await showAccessRequest(tx, id);
      assertNotOwn(request, actor);
      return request;
    },
  );
}

/** Withdrawing again changes nothing. Throws `REQUEST_UNKNOWN` or `REQUEST_DECIDED`. */
export function withdrawRequest(
  management: Management,
  actor: Actor,
  id: number,
): Promise<Written<AccessRequestRecord>> {
  const closing = { id, what: 'request.withdraw', status: 'withdrawn', note: '' } as const;
  return close(management, actor, closing, (tx) => showOwnRequest(tx, { id, subject: actor.subject }));
}

/** Throws `REQUEST_OWN`. */
export function assertNotOwn({ subject }: AccessRequestRecord, actor: Actor): void {
  if (subject === actor.subject) throw new AppError('REQUEST_OWN');
}

/** Throws `REQUEST_DECIDED`. */
export function assertOpen(request: AccessRequestRecord, now: number): void {
  const status = statusAt(request, now);
  if (status !== 'open')
    throw new AppError('REQUEST_DECIDED', { detail: `it is ${status}${decisionOf(request)}` });
}

/** Who decided what, in words. */
function decisionOf({
  decidedAt,
  decidedBy,
  grantedRole,
  role,
  expiresAt,
  note,
}: AccessRequestRecord): string {
  if (decidedAt === null) return '';
  const given = grantedRole === '' ? '' : `: \`${role}\` until ${instant(expiresAt) ?? ''}`;
  const said = note === '' ? '' : `, saying "${note}"`;
  return `${given}, decided by \`${decidedBy}\` at ${instant(decidedAt)}${said}`;
}

interface Closing {
  readonly id: number;
  readonly what: string;
  readonly status: 'declined' | 'withdrawn';
  readonly note: string;
}

function close(
  { writer, clock }: Management,
  actor: Actor,
  { id, what, status, note }: Closing,
  read: (tx: Repositories) => Promise<AccessRequestRecord>,
): Promise<Written<AccessRequestRecord>> {
  return writer.changeRecords(actor, { what, target: String(id) }, async (tx) => {
    const request = await read(tx);
    if (request.status === status && (note === '' || note === request.note))
      return { result: request, changed: false };
    const now = clock.now();
    assertOpen(request, now);
    const change = { status, decidedAt: now, decidedBy: actor.subject, note };
    if (!(await tx.accessRequests.close(id, change))) throw new AppError('REQUEST_DECIDED');
    const closed = { ...request, ...change };
    return {
      result: closed,
      changed: true,
      before: accessRequestView(request, now),
      after: accessRequestView(closed, now),
    };
  });
}
