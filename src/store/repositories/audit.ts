/** Administrative changes, one row each, never altered. */
import { auditEntity } from '../entities/records.ts';
import type { Session } from '../session.ts';
import type { Audit } from '../store.ts';
import { insertRows } from './insert-rows.ts';
import { below, given } from './page.ts';

export function createAudit(session: Session): Audit {
  return {
    append: (entry) => insertRows(session, auditEntity, [entry]),
    list: (filter, page) =>
      session.read((manager) =>
        manager.find(auditEntity, {
          where: { ...given(filter), ...below('id', page) },
          order: { id: 'DESC' },
          take: page.limit,
        }),
      ),
  };
}
