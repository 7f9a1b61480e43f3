/** Reads who changed what, and who was refused what. */
import { shownTime } from '../../core/audit-entry.ts';
import type { AuditFilter, AuditRecord } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';

/** Newest first; the cursor is the number below which to go on. */
export async function listAudit(
  management: Management,
  filter: AuditFilter,
  page: PageInput<number>,
): Promise<Page<AuditRecord, number>> {
  return readPage(
    page,
    (wanted) => management.store.read.audit.list(filter, wanted),
    (entry) => entry.seq,
  );
}

/** An entry as it is shown and exported: without `hash`, this is what was hashed. */
export function auditView(entry: AuditRecord) {
  return { ...entry, at: shownTime(entry.at) };
}
