/** `/audit`: who changed what. */
import { listAudit } from '../../manage/audit/list-audit.ts';
import { instant } from '../../manage/views.ts';
import type { AuditRecord } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { auditEntry, idPage, nameInput, pageOf } from '../schemas.ts';

function auditView(entry: AuditRecord) {
  return { ...entry, at: instant(entry.at) };
}

export const auditEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/audit',
    resource: 'gate:audit',
    action: 'read',
    summary: 'lists the changes, newest first',
    status: 200,
    answer: pageOf(auditEntry),
    query: idPage.extend({
      actor: nameInput.optional(),
      what: nameInput.optional(),
      target: nameInput.optional(),
    }),
    async handle({ services, query }) {
      const { actor, what, target } = query;
      return {
        body: shownPage(await listAudit(services.management, { actor, what, target }, query), auditView),
      };
    },
  }),
];
