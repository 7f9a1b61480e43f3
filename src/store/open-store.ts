/** Opens the database that `--database` names, brings it to the newest schema and gives the store over it. */
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Backend } from './backend.ts';
import { createStore } from './create-store.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** `sqlite:PATH` or `postgres://…`. */
  readonly database: string;
  /** Name of the Jupyter Server whose objects this process keeps. */
  readonly server: string;
  readonly clock: Clock;
  /** Milliseconds between two looks at the counters on PostgreSQL; 1000 unless told. */
  readonly pollMs?: number;
}

/**
 * Throws `DATABASE_INVALID` for a database that cannot be the gate's, `DATABASE_LOCKED` when another process uses the
 * file, `STORE_UNAVAILABLE` when PostgreSQL does not answer.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const backend = await openBackend(options);
  try {
    return await createStore(backend, options);
  } catch (error) {
    await backend.close();
    throw error;
  }
}

function openBackend({ database, clock, pollMs = 1000 }: StoreOptions): Promise<Backend> {
  if (database.startsWith('sqlite:')) return openSqlite(database.slice('sqlite:'.length));
  if (/^postgres(?:ql)?:\/\//.test(database)) return openPostgres({ url: database, clock, pollMs });
  // only the scheme: what follows may hold a password
  const scheme = /^[\w+.-]{0,20}:/.exec(database)?.[0] ?? 'no scheme';
  throw new AppError('DATABASE_INVALID', {
    detail: `expected \`sqlite:PATH\` or \`postgres://…\`, received \`${scheme}\``,
  });
}
