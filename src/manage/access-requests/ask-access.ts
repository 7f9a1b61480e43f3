/** Asks the administrators for what was refused. */
import type { AccessAsker } from '../../core/access-advice.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import type { AccessRequestRecord } from '../../store/access-requests.ts';
import type { Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import { requireUser } from '../require.ts';
import { accessRequestView, OPEN_FOR, statusAt } from './access-request-view.ts';
import type { AskingDeps } from './asking-deps.ts';
import { someText } from './plain-text.ts';
import { thingOf } from './wanted-access.ts';
import type { Wanted } from './wanted-access.ts';

export interface Asking {
  readonly asker: AccessAsker;
  readonly wanted: Wanted;
  /** Page to go on to afterwards, `''` for none. */
  readonly address: string;
  readonly reason: string;
}

/** Requests of one person that may wait at the same time. */
const MOST_OPEN = 10;
/** Requests of one person that are kept; the audit has them all. */
const MOST_KEPT = 50;
/** Bytes; a pattern for it could not be longer either. */
const LONGEST_PATH = 1000;

type NewRequest = Omit<AccessRequestRecord, 'id'>;

/**
 * Asking for the same again gives the request that is there. Undefined when nothing is missing any more. Throws
 * `INPUT_INVALID` (no reason, or a long one), `TOO_MANY_ATTEMPTS`, `REQUESTS_TOO_MANY` or `USER_UNKNOWN`.
 */
export async function askAccess(deps: AskingDeps, asking: Asking): Promise<AccessRequestRecord | undefined> {
  const { management, adviser } = deps;
  const { asker, wanted, address } = asking;
  if (wanted.refused === undefined) return undefined;
  const { act, res, path } = thingOf(wanted.refused);
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    const message = `expected a path of at most ${LONGEST_PATH} bytes`;
    throw new AppError('INPUT_INVALID', { detail: message, problems: [{ at: 'path', message }] });
  }
  const reason = someText('reason', asking.reason);
  deps.asks.begin(asker.subject);
  const role = await adviser.suggest(wanted);
  const request: NewRequest = {
    subject: asker.subject,
    server: management.serverName,
    res,
    act,
    path,
    address,
    role: role?.name ?? '',
    reason,
    status: 'open',
    createdAt: management.clock.now(),
    decidedAt: null,
    decidedBy: '',
    note: '',
    grantedRole: '',
    expiresAt: null,
  };
  return store(deps, { subject: asker.subject, roles: null, address: asker.ip }, request);
}

/** The open request of `asker` for what is missing, if there is one. */
export async function findAsked(
  { management }: Pick<AskingDeps, 'management'>,
  { subject }: AccessAsker,
  { refused }: Wanted,
): Promise<AccessRequestRecord | undefined> {
  if (refused === undefined) return undefined;
  const same = { ...thingOf(refused), subject, server: management.serverName };
  const found = await findOpen(management.store.read, same);
  return found !== undefined && statusAt(found, management.clock.now()) === 'open' ? found : undefined;
}

async function store(
  { management }: AskingDeps,
  actor: Actor,
  request: NewRequest,
): Promise<AccessRequestRecord> {
  const { writer } = management;
  try {
    const note = { what: 'request.ask', target: request.subject };
    const { result } = await writer.changeRecords(actor, note, async (tx) => {
      await requireUser(tx, request.subject);
      const same = await findOpen(tx, request);
      if (same !== undefined && statusAt(same, request.createdAt) === 'open')
        return { result: same, changed: false };
      if (same !== undefined) await tx.accessRequests.close(same.id, { status: 'expired' });
      await assertFew(tx, request);
      const stored = await tx.accessRequests.insert(request);
      await tx.accessRequests.trim(request.subject, MOST_KEPT);
      return {
        result: stored,
        changed: true,
        target: String(stored.id),
        after: accessRequestView(stored, request.createdAt),
      };
    });
    return result;
  } catch (error) {
    // Asked twice at the same moment: the other one was first.
    const first =
      asAppError(error).code === 'REQUEST_EXISTS'
        ? await findOpen(management.store.read, request)
        : undefined;
    if (first === undefined) throw error;
    return first;
  }
}

async function findOpen(
  repositories: Repositories,
  { subject, server, res, act, path }: Pick<NewRequest, 'subject' | 'server' | 'res' | 'act' | 'path'>,
): Promise<AccessRequestRecord | undefined> {
  const same = { subject, server, res, act, path, status: 'open' as const };
  return (await repositories.accessRequests.list(same, { limit: 1 }))[0];
}

async function assertFew(tx: Repositories, { subject, createdAt }: NewRequest): Promise<void> {
  const open = { subject, status: 'open' as const, openSince: createdAt - OPEN_FOR };
  const waiting = await tx.accessRequests.list(open, { limit: MOST_OPEN });
  if (waiting.length >= MOST_OPEN)
    throw new AppError('REQUESTS_TOO_MANY', { detail: `at most ${MOST_OPEN} may wait` });
}
