/** What a promise was rejected with. */
import { AppError } from '../../../src/core/errors.ts';

/** The error `promise` rejects with; fails when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`expected an Error, received ${String(error)}`, { cause: error });
  }
  throw new Error(`expected a rejection, received ${JSON.stringify(value)}`);
}

/** The code of the `AppError` that `promise` rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await rejection(promise);
  if (error instanceof AppError) return error.code;
  throw error;
}
