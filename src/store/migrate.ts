/** Brings a database to the newest schema, and refuses one that this version does not understand. */
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/migrations.ts';
import { AppError } from '../core/errors.ts';
import { openingError } from './database-error.ts';

/** TypeORM's list of the migrations that were run. */
export const MIGRATIONS_TABLE = 'gate_migrations';

/** What both databases' data sources say about migrations. */
export const migrationOptions = {
  migrations,
  migrationsTableName: MIGRATIONS_TABLE,
  migrationsTransactionMode: 'all',
  synchronize: false,
  logging: false,
} as const;

/** Runs what is pending. The caller holds the lock. Throws `DATABASE_INVALID`, or `STORE_UNAVAILABLE`. */
export async function migrate(source: DataSource): Promise<void> {
  try {
    await source.runMigrations();
    const known = new Set(migrations.map((migration) => migration.name));
    const applied = await source.sql<{ name: string }[]>`SELECT name FROM gate_migrations ORDER BY id`;
    const foreign = applied.filter(({ name }) => !known.has(name));
    if (foreign.length > 0) throw newer(foreign.map(({ name }) => name));
  } catch (error) {
    throw openingError(error);
  }
}

function newer(names: readonly string[]): AppError {
  return new AppError('DATABASE_INVALID', {
    detail: `it was migrated by a newer version of the gate (\`${names.join('`, `')}\`)`,
  });
}
