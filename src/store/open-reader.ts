/** A database, to be read beside a running gate or without one: nothing is locked, migrated or written. */
import { openPostgresReader } from './postgres/open-postgres-reader.ts';
import type { Session } from './session.ts';
import { openSqliteReader } from './sqlite/open-sqlite.ts';

/** A session that only reads. */
export interface OpenedReader {
  readonly session: Session;
  close(): Promise<void>;
}

/** Throws `DATABASE_INVALID` for what is no database of ours, `STORE_UNAVAILABLE` when it does not answer. */
export async function openReader(database: string): Promise<OpenedReader> {
  if (database.startsWith('sqlite:')) return openSqliteReader(database.slice('sqlite:'.length));
  return openPostgresReader(database);
}
