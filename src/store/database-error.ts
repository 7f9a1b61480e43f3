/** What a database says when it fails, as the gate's own errors. */
import { QueryFailedError } from 'typeorm';
import { AppError, type ErrorCode } from '../core/errors.ts';

/** Tables whose unique key means something to the caller. Others are defects: callers look before they insert. */
const TAKEN: Readonly<Record<string, { readonly code: ErrorCode; readonly detail: string }>> = {
  gate_rules: { code: 'RULE_EXISTS', detail: 'a rule with these fields is stored already' },
  gate_users: { code: 'NAME_TAKEN', detail: 'a user with this name is stored already' },
  gate_access_requests: { code: 'REQUEST_EXISTS', detail: 'an open one is stored already' },
  gate_roles: { code: 'NAME_TAKEN', detail: 'a role with this name is stored already' },
};

/** SQLSTATE classes that no waiting cures: wrong data (22), broken constraint (23), read-only (25), wrong SQL (42). */
const DEFECT =
  /^(?:22|23|25|42)[0-9A-Z]{3}$|^SQLITE_(?:ERROR|CONSTRAINT|MISMATCH|RANGE|MISUSE|READONLY|TOOBIG)/;
const UNIQUE = new Set(['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);

/**
 * `error` as callers of the store get it: ours and `TypeError`s unchanged, a broken unique key by its table,
 * other broken constraints and wrong SQL as `INTERNAL`, everything else as `STORE_UNAVAILABLE`.
 * The cause is the driver's error, never TypeORM's, which carries the parameters and with them hashes of secrets.
 */
export function databaseError(error: unknown): Error {
  if (error instanceof AppError || error instanceof TypeError) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = property(cause, 'code');
  if (UNIQUE.has(code)) {
    const taken = TAKEN[tableOf(cause)];
    if (taken) return new AppError(taken.code, { detail: taken.detail, cause });
  }
  return new AppError(DEFECT.test(code) ? 'INTERNAL' : 'STORE_UNAVAILABLE', { cause });
}

/** Runs `work` and turns what it throws into the store's errors. */
export async function translated<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw databaseError(error);
  }
}

/** Damaged or foreign file; sign-in (28), database (3D), schema (3F), rights and tables (42) that are not as expected. */
const UNUSABLE = /^SQLITE_(?:ERROR|NOTADB|CORRUPT)|^(?:28|3D|3F|42)[0-9A-Z]{3}$/;

/** The same while opening: a database that answers, but not as ours would, is `DATABASE_INVALID` with what it said. */
export function openingError(error: unknown): Error {
  const known = databaseError(error);
  if (!UNUSABLE.test(property(known.cause, 'code'))) return known;
  return new AppError('DATABASE_INVALID', { detail: property(known.cause, 'message'), cause: known.cause });
}

/** Text property of an unknown error, `''` when it has none. */
export function property(error: unknown, name: 'code' | 'table' | 'message'): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}

function tableOf(cause: unknown): string {
  return property(cause, 'table') || (/failed: (\w+)\./.exec(property(cause, 'message'))?.[1] ?? '');
}
