/** How a request stands for whoever waits on it: answered, and whether what was asked for is allowed by now. */
import type { AccessAsker } from '../../core/access-advice.ts';
import { AppError } from '../../core/errors.ts';
import type { AccessRequestRecord, AccessRequestStatus } from '../../store/access-requests.ts';
import { statusAt } from './access-request-view.ts';
import type { AskingDeps } from './asking-deps.ts';
import { showOwnRequest } from './list-access-requests.ts';
import { wantedAt, wantedThing } from './wanted-access.ts';
import type { Wanted } from './wanted-access.ts';

export interface FollowedRequest {
  readonly request: AccessRequestRecord;
  readonly status: AccessRequestStatus;
  /** Also when a role was given without answering the request. */
  readonly isAllowed: boolean;
}

/** Throws `REQUEST_UNKNOWN`, for those of others too. */
export async function followRequest(
  deps: Pick<AskingDeps, 'management' | 'classifyUrl'>,
  asker: AccessAsker,
  id: number,
): Promise<FollowedRequest> {
  const { store, clock } = deps.management;
  const request = await showOwnRequest(store.read, { id, subject: asker.subject });
  const { refused } = wantedOf(deps, asker, request);
  return { request, status: statusAt(request, clock.now()), isAllowed: refused === undefined };
}

function wantedOf(
  { management, classifyUrl }: Pick<AskingDeps, 'management' | 'classifyUrl'>,
  asker: AccessAsker,
  request: AccessRequestRecord,
): Wanted {
  const { address } = request;
  if (address === '') return wantedThing(management, asker, request);
  try {
    return wantedAt(management, classifyUrl, { asker, address });
  } catch (error) {
    // The address is no route any more, since the configuration changed.
    if (error instanceof AppError) return wantedThing(management, asker, request);
    throw error;
  }
}
