/** A connection of the pool for one piece of work, given back clean or not at all. */
import type { DataSource, QueryRunner } from 'typeorm';
import { AppError } from '../../core/errors.ts';

/** pg's client, as far as it takes to end it. */
interface Endable {
  end(): Promise<void>;
}

/**
 * Runs `work`, which throws the store's errors, on one connection; an open transaction is rolled back when it throws. A connection that did not answer is
 * closed instead of given back: the pool would hand it on, silent or with its transaction still open.
 */
export async function withRunner<T>(
  source: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    return await work(runner);
  } catch (error) {
    if (isUnavailable(error)) await drop(runner);
    else if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => drop(runner));
    throw error;
  } finally {
    await runner.release();
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'STORE_UNAVAILABLE';
}

async function drop(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return;
  try {
    const client = (await runner.connect()) as Endable;
    // marks the client as ending at once; the goodbye itself may never be answered
    client.end().catch(() => undefined);
  } catch {
    // there was no connection to begin with
  }
}
