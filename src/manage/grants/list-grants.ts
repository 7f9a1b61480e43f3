/** Looks up who holds which role. */
import { AppError } from '../../core/errors.ts';
import { roleName, subjectName } from '../../core/names.ts';
import type { GrantRecord } from '../../core/policy.ts';
import type { GrantFilter, Repositories } from '../../store/store.ts';
import { readAll, readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';
import { requireRole, requireSubject } from '../require.ts';

/** In order of their ids. Throws `NAME_INVALID` for a filter that can match nothing. */
export async function listGrants(
  repositories: Repositories,
  filter: GrantFilter,
  page: PageInput<number>,
): Promise<Page<GrantRecord, number>> {
  const wanted = {
    subject: filter.subject === undefined ? undefined : subjectName(filter.subject),
    role: filter.role === undefined ? undefined : roleName(filter.role),
  };
  return readPage(
    page,
    (request) => repositories.grants.list(wanted, request),
    (grant) => grant.id,
  );
}

/** Throws `GRANT_UNKNOWN`. */
export async function showGrant(repositories: Repositories, id: number): Promise<GrantRecord> {
  const grant = await repositories.grants.find(id);
  if (grant === undefined) throw new AppError('GRANT_UNKNOWN', { detail: `received \`${id}\`` });
  return grant;
}

/** The grants of one subject, all of them. Throws `USER_UNKNOWN` or `ROLE_UNKNOWN`. */
export async function listGrantsOf(
  repositories: Repositories,
  input: string,
): Promise<readonly GrantRecord[]> {
  const subject = await requireSubject(repositories, input);
  return readAll((page) => repositories.grants.list({ subject }, page));
}

/** The grant of `role` to `subject`, for any server if there is one. Throws `USER_UNKNOWN`, `ROLE_UNKNOWN` or `GRANT_UNKNOWN`. */
export async function showGrantOf(
  repositories: Repositories,
  asked: { readonly subject: string; readonly role: string },
): Promise<GrantRecord> {
  const subject = await requireSubject(repositories, asked.subject);
  const role = await requireRole(repositories, asked.role);
  const grants = await readAll((page) => repositories.grants.list({ subject, role }, page));
  const grant = grants.find(({ server }) => server === '*') ?? grants[0];
  if (grant === undefined)
    throw new AppError('GRANT_UNKNOWN', { detail: `\`${subject}\` was not given \`${role}\`` });
  return grant;
}
