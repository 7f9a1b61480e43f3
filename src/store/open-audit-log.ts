/** The audit of a database, to be read beside a running gate or without one: nothing is locked, migrated or written. */
import { AppError } from '../core/errors.ts';
import type { Audit } from './audit-contract.ts';
import { createAudit } from './repositories/audit.ts';
import type { Session } from './session.ts';
import { openSqliteReader } from './sqlite/open-sqlite.ts';

export interface AuditLog {
  readonly audit: Audit;
  close(): Promise<void>;
}

/** A session that only reads. */
export interface OpenedReader {
  readonly session: Session;
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

async function openReader(database: string): Promise<OpenedReader> {
  if (database.startsWith('sqlite:')) return openSqliteReader(database.slice('sqlite:'.length));
  const { openPostgresReader } = await import('./postgres/open-postgres-reader.ts');
  return openPostgresReader(database);
}
