/** The audit of a database, to be read beside a running gate or without one: nothing is locked, migrated or written. */
import { AppError } from '../core/errors.ts';
import type { Audit } from './audit-contract.ts';
import { openReader } from './open-reader.ts';
import { createAudit } from './repositories/audit.ts';

export interface AuditLog {
  readonly audit: Audit;
  close(): Promise<void>;
}

/** Throws `DATABASE_INVALID` for a database without an audit, `STORE_UNAVAILABLE` when it does not answer. */
export async function openAuditLog(database: string): Promise<AuditLog> {
  const reader = await openReader(database);
  const audit = createAudit(reader.session);
  try {
    await audit.head();
  } catch (cause) {
    await reader.close();
    if (cause instanceof AppError && cause.code === 'STORE_UNAVAILABLE') throw cause;
    throw new AppError('DATABASE_INVALID', {
      detail:
        'expected the audit of a gate of this version: start the gate once, or run `jupyter-gate migrate`',
      cause,
    });
  }
  return { audit, close: () => reader.close() };
}
