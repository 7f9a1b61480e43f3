/** Every request to the admin API is decided by the same enforcer as everything else. */
import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../authenticate/authenticator.ts';
import { COMMAND_LINE_AGENT } from '../core/audit-entry.ts';
import type { AuditVia } from '../core/audit-entry.ts';
import { AppError } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import type { Repositories } from '../store/store.ts';
import type { Actor } from '../manage/actor.ts';
import { isRoot } from '../manage/actor.ts';
import { plainQuestion } from '../manage/ask.ts';
import type { Management } from '../manage/management.ts';
import { unmapped } from './check-origin.ts';
import type { Endpoint } from './endpoint.ts';

/** Who asks. Only the Authorization header is looked at: no cookie and no `?token=` reaches this listener. Throws 401s. */
export async function identifyAdmin(
  authenticator: Authenticator,
  request: IncomingMessage,
): Promise<Identity> {
  const { authorization } = request.headers;
  const { identity } = await authenticator.identify({
    headers: authorization === undefined ? {} : { authorization },
    queryToken: undefined,
    audience: 'admin',
    secure: false,
    address: clientAddress(request),
  });
  if (identity.credential !== 'token') throw new AppError('SIGN_IN_REQUIRED');
  return identity;
}

/** The identity as the use cases and the audit know it. */
export function actorOf(identity: Identity, request: IncomingMessage): Actor {
  const address = clientAddress(request);
  const { subject, roles, expiresAt: endsAt } = identity;
  return { subject, roles, address, endsAt, via: viaOf(request) };
}

/** The command line names itself; so could anybody with a token. */
function viaOf({ headers }: IncomingMessage): AuditVia {
  return headers['user-agent'] === COMMAND_LINE_AGENT ? 'cli' : 'api';
}

function clientAddress(request: IncomingMessage): string {
  return unmapped(request.socket.remoteAddress ?? '');
}

/** Throws the refusal's code, or `POLICY_STALE`. The holder of the admin token stands outside the model. */
export function authorize(management: Management, actor: Actor, row: Endpoint, isStale: () => boolean): void {
  if (isRoot(actor)) return;
  if (isStale()) throw new AppError('POLICY_STALE');
  const context = { serverName: management.serverName, address: actor.address, time: management.localTime() };
  const asked = { sub: actor.subject, res: row.resource, act: row.action };
  const verdict = management.decider.current.decide(plainQuestion(asked, context), actor.roles);
  if (verdict.allowed) return;
  const code = verdict.code === 'ALLOWED' ? 'DENIED_BY_POLICY' : verdict.code;
  throw new AppError(code, { detail: `\`${actor.subject}\` asked to ${row.action} \`${row.resource}\`` });
}

/** Throws `TOKEN_INVALID` when the token was revoked, or its owner disabled, since it was looked at. */
export async function assertStillSignedIn(
  tx: Repositories,
  { subject, credentialId }: Identity,
): Promise<void> {
  // The admin token is not in the database.
  if (credentialId === null) return;
  const token = await tx.tokens.find(credentialId);
  const user = await tx.users.find(subject);
  if (token?.revokedAt !== null || user?.active !== true) throw new AppError('TOKEN_INVALID');
}
