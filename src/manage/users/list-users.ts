/** Lists people by name; those who were removed are not shown. */
import type { UserRecord } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';

/** The cursor is the last name shown. */
export async function listUsers(
  management: Management,
  page: PageInput<string>,
): Promise<Page<UserRecord, string>> {
  const { users } = management.store.read;
  return readPage(
    page,
    (wanted) => users.list(wanted),
    (user) => user.name,
  );
}
