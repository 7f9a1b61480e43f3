/** Takes what the admin listener refused into the audit. */
import type { Context } from 'koa';
import type { Clock } from '../core/clock.ts';
import type { AppError, ErrorCode } from '../core/errors.ts';
import type { Refusals } from '../core/refusal.ts';
import { unmapped } from './check-origin.ts';

/** Refused for who asks or how often: a field that is wrong or a name that is not there is no refusal. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 421, 429]);
const REFUSED_BESIDE: ReadonlySet<ErrorCode> = new Set(['LAST_ADMIN', 'POLICY_STALE']);
const MOST_CHARACTERS = 1024;

/** Whom the request came from, as far as that was found out, is in `ctx.state.subject`. */
export function noteRefusal(
  ctx: Context,
  { status, code }: AppError,
  { refusals, clock }: { readonly refusals: Refusals; readonly clock: Clock },
): void {
  if (!REFUSED.has(status) && !REFUSED_BESIDE.has(code)) return;
  const subject: unknown = ctx.state['subject'];
  refusals.add({
    at: clock.now(),
    subject: typeof subject === 'string' ? subject : '',
    address: unmapped(ctx.req.socket.remoteAddress ?? ''),
    via: 'api',
    what: 'admin.refused',
    target: ctx.path.slice(0, MOST_CHARACTERS),
    code,
    details: { method: ctx.method },
  });
}
