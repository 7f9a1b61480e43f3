/** Reads who changed what. */
import type { AuditRecord } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly what?: string | undefined;
  readonly target?: string | undefined;
}

/** Newest first; the cursor is the id below which to go on. */
export async function listAudit(
  management: Management,
  filter: AuditFilter,
  page: PageInput<number>,
): Promise<Page<AuditRecord, number>> {
  return readPage(
    page,
    (wanted) => management.store.read.audit.list(filter, wanted),
    (entry) => entry.id,
  );
}
