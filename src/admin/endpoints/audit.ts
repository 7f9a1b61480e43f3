/** `/audit`: who changed what, who was refused what, and whether the record of it is sound. */
import { z } from 'zod';
import { exportAudit } from '../../manage/audit/export-audit.ts';
import { auditView, listAudit } from '../../manage/audit/list-audit.ts';
import { auditEntry, verification } from '../audit-schemas.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { idPage, nameInput, pageOf } from '../schemas.ts';

const time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();
const range = { since: time, until: time };

export const auditEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/audit',
    resource: 'gate:audit',
    action: 'read',
    summary:
      'lists changes and refusals, newest first; `what` may be `grant.add` or `grant`, `subject` finds what was done to a user or role and what was refused to them',
    status: 200,
    answer: pageOf(auditEntry),
    query: idPage.extend({
      actor: nameInput.optional(),
      what: nameInput.optional(),
      target: nameInput.optional(),
      subject: nameInput.optional(),
      ...range,
    }),
    async handle({ services, query }) {
      const { after: _after, limit: _limit, ...filter } = query;
      return { body: shownPage(await listAudit(services.management, filter, query), auditView) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/audit/export',
    resource: 'gate:audit',
    action: 'read',
    summary: 'gives all entries, oldest first, as JSON lines in the form that was hashed',
    status: 200,
    answer: auditEntry,
    isLines: true,
    query: z.strictObject(range),
    handle: ({ services, query }) =>
      Promise.resolve({ lines: exportAudit(services.management.store.read.audit, query) }),
  }),
  endpoint({
    method: 'GET',
    path: '/audit/verification',
    resource: 'gate:audit',
    action: 'read',
    summary: 'goes through the whole audit and says what in it was changed, removed, reordered or cut off',
    status: 200,
    answer: verification,
    handle: async ({ services }) => ({ body: await services.verifyAudit() }),
  }),
];
