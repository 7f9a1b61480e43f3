/** Lists the roles there are. */
import type { RoleRecord } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';

/** By name; the cursor is the last name shown. */
export async function listRoles(
  management: Management,
  page: PageInput<string>,
): Promise<Page<RoleRecord, string>> {
  const { roles } = management.store.read;
  return readPage(
    page,
    (wanted) => roles.list(wanted),
    (role) => role.name,
  );
}
