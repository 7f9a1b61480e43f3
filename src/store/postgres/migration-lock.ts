/** Replicas that start together migrate one after the other: the lock is held by a connection of its own. */
import { Client } from 'pg';
import { AppError } from '../../core/errors.ts';
import { openingError } from '../database-error.ts';

/** Any number will do, as long as every version of the gate uses the same and no other program does. */
const LOCK_KEY = 7_205_759_403;
/** Longer than any migration should take; waiting for ever would hide a replica that hangs. */
const LOCK_TIMEOUT_MS = 120_000;

/** Runs `work` while no other replica migrates. Throws `DATABASE_INVALID` when the server refuses us,
 * `STORE_UNAVAILABLE` when it does not answer or the lock is not free in two minutes. */
export async function withMigrationLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = createClient(url);
  // a lost connection shows in the statement under way; without a listener it would end the process
  client.on('error', () => undefined);
  try {
    await lock(client);
    return await work();
  } finally {
    // ending the connection releases the lock
    await client.end().catch(() => undefined);
  }
}

function createClient(url: string): Client {
  try {
    return new Client({
      connectionString: url,
      application_name: 'jupyter-gate migrate',
      connectionTimeoutMillis: 10_000,
      lock_timeout: LOCK_TIMEOUT_MS,
      keepAlive: true,
    });
  } catch {
    // neither the address nor the reason is passed on: both may hold the password
    throw new AppError('DATABASE_INVALID', {
      detail: 'expected `postgres://user:password@host:port/database`',
    });
  }
}

async function lock(client: Client): Promise<void> {
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
  } catch (error) {
    throw openingError(error);
  }
}
