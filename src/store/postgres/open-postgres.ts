/** PostgreSQL: several gates on one policy. Policy writers queue on a row, and every change is told to the others. */
import { DataSource, type QueryRunner } from 'typeorm';
import type { Clock } from '../../core/clock.ts';
import type { Backend, TransactionMode } from '../backend.ts';
import { readCounters } from '../counters.ts';
import { translated } from '../database-error.ts';
import { entities } from '../entities/entities.ts';
import { migrate, migrationOptions } from '../migrate.ts';
import { createQueue } from '../queue.ts';
import { createReadSession, createTransactionSession, type Bump, type Session } from '../session.ts';
import { createCounterTracker, type CounterTracker } from './counter-tracker.ts';
import { createCounterWatch } from './counter-watch.ts';
import { CHANNEL } from './listener.ts';
import { withMigrationLock } from './migration-lock.ts';
import { withRunner } from './with-runner.ts';

/** No single statement of ours takes this long; a connection that fell silent does. */
export const READ_MS = 10_000;
const WRITE_MS = 30_000;

interface Options {
  /** `postgres://user:password@host:port/database?sslmode=…`, as pg reads it. */
  readonly url: string;
  readonly clock: Clock;
  readonly pollMs: number;
}

/** Connects and migrates. Throws `STORE_UNAVAILABLE` when nothing answers, `DATABASE_INVALID` when it refuses us. */
export async function openPostgres({ url, clock, pollMs }: Options): Promise<Backend> {
  // two pools, so that writers waiting for each other leave connections to the readers
  const writer = createSource(url, { poolSize: 5, timeoutMs: WRITE_MS });
  const reader = createSource(url, { poolSize: 8, timeoutMs: READ_MS });
  const close = async (): Promise<void> => {
    for (const source of [reader, writer]) if (source.isInitialized) await source.destroy();
  };
  try {
    await withMigrationLock(url, async () => {
      await translated(() => writer.initialize());
      await migrate(writer);
    });
    await translated(() => reader.initialize());
    const tracker = createCounterTracker(await translated(() => readCounters(reader.manager)));
    const watch = createCounterWatch({ url, pollMs, clock, tracker });
    return {
      kind: 'postgres',
      reader: createReader(reader),
      transaction: createTransactions(writer, tracker),
      watch: watch.start,
      confirmedAge: watch.confirmedAge,
      async close() {
        await watch.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createTransactions(source: DataSource, tracker: CounterTracker): Backend['transaction'] {
  const inOrder = createQueue();
  const run = async <T>(mode: TransactionMode, work: (session: Session) => Promise<T>): Promise<T> => {
    const bumps: Bump[] = [];
    let committed = false;
    try {
      const result = await withRunner(source, async (runner) => {
        const session = createTransactionSession(runner.manager, (bump) => {
          bumps.push(bump);
          tracker.claim(bump);
        });
        await translated(() => prepare(runner, mode));
        try {
          const value = await work(session);
          await session.complete();
          await translated(() => commit(runner, bumps));
          return value;
        } finally {
          await session.end();
        }
      });
      committed = true;
      return result;
    } finally {
      tracker.settle(bumps, committed);
    }
  };
  // policy writers wait for each other here rather than each on a connection, so that some are left for the others
  return (mode, work) => (mode === 'policy' ? inOrder(() => run(mode, work)) : run(mode, work));
}

/** Takes the lock of policy writers before the first read, so that what is checked still holds when it is written. */
async function prepare(runner: QueryRunner, mode: TransactionMode): Promise<void> {
  await runner.startTransaction('READ COMMITTED');
  if (mode === 'relaxed') await runner.query('SET LOCAL synchronous_commit = off');
  if (mode === 'policy')
    await runner.query(`SELECT value FROM gate_counters WHERE name = 'revision' FOR UPDATE`);
}

async function commit(runner: QueryRunner, bumps: readonly Bump[]): Promise<void> {
  // in the transaction itself: sent when it commits, and only then
  if (bumps.length > 0) await runner.query(`SELECT pg_notify($1, '')`, [CHANNEL]);
  await runner.commitTransaction();
}

/** Committed rows, on any connection of the pool. */
export function createReader(source: DataSource): Session {
  return createReadSession({
    read: (work) => withRunner(source, (runner) => translated(() => work(runner.manager))),
    snapshot: (work) =>
      withRunner(source, (runner) =>
        translated(async () => {
          await runner.startTransaction('REPEATABLE READ');
          const result = await work(runner.manager);
          await runner.commitTransaction();
          return result;
        }),
      ),
  });
}

/** A pool; nothing is connected yet. */
export function createSource(
  url: string,
  { poolSize, timeoutMs }: { poolSize: number; timeoutMs: number },
): DataSource {
  return new DataSource({
    ...migrationOptions,
    type: 'postgres',
    entities,
    poolSize,
    connectTimeoutMS: 10_000,
    applicationName: 'jupyter-gate',
    installExtensions: false,
    // an idle connection that breaks is replaced by the pool; the next statement says if there is none
    poolErrorHandler: () => undefined,
    extra: {
      // given whole to pg, because TypeORM's own reading of the URL leaves out `sslmode` and the other parameters
      connectionString: url,
      keepAlive: true,
      // the server gives up first, and says so
      query_timeout: timeoutMs + 2000,
      statement_timeout: timeoutMs,
      lock_timeout: timeoutMs,
      idle_in_transaction_session_timeout: timeoutMs,
    },
  });
}
