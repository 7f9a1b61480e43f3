/** A request for access as it is shown outside and in the audit. */
import type { AccessRequestRecord, AccessRequestStatus } from '../../store/access-requests.ts';
import { instant } from '../views.ts';

const DAY = 86_400_000;
/** How long a request waits for an answer, ms. */
export const OPEN_FOR = 7 * DAY;

/** One that nobody answered in time is expired, whether or not that was written down. */
export function statusAt({ status, createdAt }: AccessRequestRecord, now: number): AccessRequestStatus {
  return status === 'open' && createdAt + OPEN_FOR <= now ? 'expired' : status;
}

export function accessRequestView(request: AccessRequestRecord, now: number) {
  const { decidedBy, note, grantedRole, role, address } = request;
  return {
    id: request.id,
    status: statusAt(request, now),
    subject: request.subject,
    act: request.act,
    res: request.res,
    path: request.path,
    server: request.server,
    address: orNull(address),
    role: orNull(role),
    reason: request.reason,
    created_at: instant(request.createdAt),
    decided_at: instant(request.decidedAt),
    decided_by: orNull(decidedBy),
    note: orNull(note),
    granted_role: orNull(grantedRole),
    expires_at: instant(request.expiresAt),
  };
}
export type AccessRequestView = ReturnType<typeof accessRequestView>;

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
