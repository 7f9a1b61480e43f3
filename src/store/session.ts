/** How repositories reach the database: a session either reads committed rows or works inside one transaction. */
import type { EntityManager } from 'typeorm';
import { databaseError, translated } from './database-error.ts';
import { createQueue } from './queue.ts';

/** Counters other processes watch. `objects` is the registry's own. */
export type CounterName = 'revision' | 'credentials' | 'objects';

/** A counter as one transaction set it. */
export interface Bump {
  readonly name: CounterName;
  readonly value: number;
}

/** One unit of work against the database. */
export type Work<T> = (manager: EntityManager) => Promise<T>;

export interface Session {
  /** One reading statement, or several that need not agree. */
  read<T>(work: Work<T>): Promise<T>;
  /** A writing statement. `TypeError` on the committed reads and after the end of the transaction. */
  write<T>(work: Work<T>): Promise<T>;
  /** Several reads of one and the same state of the database. */
  snapshot<T>(work: Work<T>): Promise<T>;
  /** Notes that the transaction set a counter, so that the commit can tell the other processes. */
  bumped(bump: Bump): void;
}

/** Session of committed rows; how they are reached is given by the backend. */
export function createReadSession({ read, snapshot }: Pick<Session, 'read' | 'snapshot'>): Session {
  const refuse = (): never => {
    throw new TypeError('`store.read` cannot write: use `store.transaction`');
  };
  return {
    read: (work) => translated(() => read(work)),
    write: () => translated(refuse),
    snapshot: (work) => translated(() => snapshot(work)),
    bumped: refuse,
  };
}

export interface TransactionSession extends Session {
  /** Waits for statements still under way and refuses later ones. */
  end(): Promise<void>;
  /** The same before a commit: throws what a statement failed with, even when the caller went on. */
  complete(): Promise<void>;
}

/**
 * Session of one transaction. Statements run one after the other even when the caller does not wait in between:
 * a PostgreSQL connection takes one at a time. `onBump` hears every counter that was raised.
 * INVARIANT: after a statement failed, nothing more is run and nothing is committed. PostgreSQL would answer `COMMIT` and
 * roll back; SQLite may have ended the transaction, so that later statements would be committed one by one.
 */
export function createTransactionSession(
  manager: EntityManager,
  onBump: (bump: Bump) => void,
): TransactionSession {
  const inOrder = createQueue();
  let open = true;
  let failure: Error | undefined;
  const statement = async <T>(work: Work<T>): Promise<T> => {
    if (failure) throw failure;
    try {
      return await work(manager);
    } catch (error) {
      const known = databaseError(error);
      if (known !== error) failure = known;
      throw known;
    }
  };
  const run = <T>(work: Work<T>): Promise<T> => {
    if (!open) return Promise.reject(new TypeError('the transaction of these repositories has ended'));
    return inOrder(() => statement(work));
  };
  const end = (): Promise<void> => {
    open = false;
    return inOrder(async () => undefined);
  };
  return {
    read: run,
    write: run,
    snapshot: run,
    bumped: onBump,
    end,
    async complete() {
      await end();
      if (failure) throw failure;
    },
  };
}
