/** PostgreSQL for reading only. */
import { openingError } from '../database-error.ts';
import type { OpenedReader } from '../open-reader.ts';
import { READ_MS, createReader, createSource } from './open-postgres.ts';

/** Throws `STORE_UNAVAILABLE` when nothing answers, `DATABASE_INVALID` when it refuses us. */
export async function openPostgresReader(url: string): Promise<OpenedReader> {
  const source = createSource(url, { poolSize: 1, timeoutMs: READ_MS });
  try {
    await source.initialize();
  } catch (error) {
    throw openingError(error);
  }
  return { session: createReader(source), close: () => source.destroy() };
}
