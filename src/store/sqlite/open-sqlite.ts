/**
 * SQLite: one process, one writer. TypeORM shares one connection among all users of a data source, and with it one
 * transaction: a write beside an open transaction would be rolled back with it. So every write goes through one queue on
 * its own connection, and reads have theirs, where they see committed rows only.
 */
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { AppError } from '../../core/errors.ts';
import type { Backend, TransactionMode } from '../backend.ts';
import { property, translated } from '../database-error.ts';
import { entities } from '../entities/entities.ts';
import type { OpenedReader } from '../open-reader.ts';
import { migrate, MIGRATIONS_TABLE, migrationOptions } from '../migrate.ts';
import { createQueue } from '../queue.ts';
import { createReadSession, createTransactionSession, type Session, type Work } from '../session.ts';
import { locateDatabaseFile, prepareDatabaseFile } from './database-file.ts';
import { lockFile } from './file-lock.ts';

/** How long a writing transaction waits for a lock of another program, ms. */
const LOCK_PATIENCE = 5000;
const LOCK_RETRY = 20;

interface Connection {
  readonly source: DataSource;
  /** The driver's handle: TypeORM's own idea of the transaction goes wrong when SQLite ends one by itself. */
  readonly handle: Database;
}

/** Opens and migrates the file. Throws `DATABASE_INVALID` or `DATABASE_LOCKED`. */
export async function openSqlite(path: string): Promise<Backend> {
  if (path === '' || path.startsWith(':memory:')) {
    throw new AppError('DATABASE_INVALID', {
      detail: `expected \`sqlite:PATH\`, received \`sqlite:${path}\``,
    });
  }
  const file = locateDatabaseFile(path);
  const lock = lockFile(file);
  const connections: Connection[] = [];
  const close = async (): Promise<void> => {
    for (const { source } of connections.toReversed()) await source.destroy();
    lock.release();
  };
  try {
    prepareDatabaseFile(file);
    checkTables(file);
    const writer = await connect(file, false);
    connections.push(writer);
    await migrate(writer.source);
    // From here on requests are served, and SQLite waits for another program's lock by holding up the whole process.
    writer.handle.pragma('busy_timeout = 0');
    const reader = await connect(file, true);
    connections.push(reader);
    const snapshots = await connect(file, true);
    connections.push(snapshots);
    return {
      kind: 'sqlite',
      reader: createReadSession({
        read: (work) => work(reader.source.manager),
        snapshot: createSnapshots(snapshots),
      }),
      transaction: createTransactions(writer),
      watch: () => undefined,
      confirmedAge: () => 0,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same file for reading only, beside the gate that has it open or without one. Throws `DATABASE_INVALID`. */
export async function openSqliteReader(path: string): Promise<OpenedReader> {
  const connection = await connect(path, true);
  return {
    session: createReadSession({
      read: (work) => work(connection.source.manager),
      snapshot: createSnapshots(connection),
    }),
    close: () => connection.source.destroy(),
  };
}

function createTransactions({ source, handle }: Connection): Backend['transaction'] {
  const inOrder = createQueue();
  return <T>(mode: TransactionMode, work: (session: Session) => Promise<T>) => {
    // Counted from here and not from its turn: behind others that waited in vain it must not wait as long again.
    const giveUpAt = performance.now() + LOCK_PATIENCE;
    return inOrder(async () => {
      const session = createTransactionSession(source.manager, () => undefined);
      await translated(() => {
        // in WAL mode NORMAL does not wait for the disk; it can only be set between transactions
        handle.pragma(`synchronous = ${mode === 'relaxed' ? 'NORMAL' : 'FULL'}`);
        return beginWriting(handle, giveUpAt);
      });
      try {
        const result = await work(session);
        await session.complete();
        await translated(() => handle.exec('COMMIT'));
        return result;
      } catch (error) {
        await session.end();
        if (handle.inTransaction) handle.exec('ROLLBACK');
        throw error;
      }
    });
  };
}

/** A backup or a person with a shell may hold the file: waits for them without holding up anything else. */
async function beginWriting(handle: Database, giveUpAt: number): Promise<void> {
  for (;;) {
    try {
      handle.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!property(error, 'code').startsWith('SQLITE_BUSY') || performance.now() > giveUpAt) throw error;
    }
    await setTimeout(LOCK_RETRY);
  }
}

/** Snapshots have a connection of their own: a transaction left open on the readers' would show them old rows. */
function createSnapshots({ source, handle }: Connection): Session['snapshot'] {
  const inOrder = createQueue();
  return <T>(work: Work<T>) =>
    inOrder(async () => {
      handle.exec('BEGIN');
      try {
        return await work(source.manager);
      } finally {
        if (handle.inTransaction) handle.exec('ROLLBACK');
      }
    });
}

async function connect(file: string, readonly: boolean): Promise<Connection> {
  let handle: Database | undefined;
  const source = new DataSource({
    ...migrationOptions,
    type: 'better-sqlite3',
    driver: Database,
    database: file,
    entities,
    readonly,
    enableWAL: !readonly,
    prepareDatabase: (opened: Database) => {
      handle = opened;
    },
  });
  await translated(() => source.initialize());
  if (!handle) throw new TypeError('expected the driver to hand over its connection');
  return { source, handle };
}

/** Refuses another program's database before a table is added to it. */
function checkTables(file: string): void {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all()
      .map(({ name }) => String(name));
    if (tables.length === 0 || tables.includes(MIGRATIONS_TABLE)) return;
    throw new AppError('DATABASE_INVALID', {
      detail: `expected a database of the gate, found one with the tables \`${tables.slice(0, 5).join('`, `')}\``,
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('DATABASE_INVALID', {
      detail: cause instanceof Error ? cause.message : 'it is damaged',
      cause,
    });
  } finally {
    database.close();
  }
}
