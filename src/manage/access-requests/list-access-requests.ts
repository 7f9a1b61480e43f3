/** Looks up who asked for what. */
import { AppError } from '../../core/errors.ts';
import { userName } from '../../core/names.ts';
import type { AccessRequestRecord, AccessRequestStatus } from '../../store/access-requests.ts';
import type { Repositories } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';
import { OPEN_FOR } from './access-request-view.ts';

export interface AskedFilter {
  readonly status?: AccessRequestStatus | undefined;
  readonly subject?: string | undefined;
}

/** Newest first. Throws `NAME_INVALID` for a filter that can match nothing. */
export async function listAccessRequests(
  { store, clock }: Management,
  { status, subject }: AskedFilter,
  page: PageInput<number>,
): Promise<Page<AccessRequestRecord, number>> {
  const filter = {
    status,
    subject: subject === undefined ? undefined : userName(subject),
    openSince: clock.now() - OPEN_FOR,
  };
  return readPage(
    page,
    (wanted) => store.read.accessRequests.list(filter, wanted),
    ({ id }) => id,
  );
}

/** Throws `REQUEST_UNKNOWN`. */
export async function showAccessRequest(
  repositories: Repositories,
  id: number,
): Promise<AccessRequestRecord> {
  const request = await repositories.accessRequests.find(id);
  if (request === undefined) throw new AppError('REQUEST_UNKNOWN', { detail: `received \`${id}\`` });
  return request;
}

/** One's own. Throws `REQUEST_UNKNOWN` for those of others too: nobody learns that there are any. */
export async function showOwnRequest(
  repositories: Repositories,
  { id, subject }: { readonly id: number; readonly subject: string },
): Promise<AccessRequestRecord> {
  const request = await showAccessRequest(repositories, id);
  if (request.subject !== subject) throw new AppError('REQUEST_UNKNOWN', { detail: `received \`${id}\`` });
  return request;
}
