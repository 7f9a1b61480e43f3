/** Counts attempts to guess a password, link or token by the address they come from. */
import { addressKey } from '../../authenticate/attempts.ts';
import type { Attempts } from '../../authenticate/attempts.ts';
import { asAppError } from '../../core/errors.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** Runs `work` unless the address failed too often. Throws `TOO_MANY_ATTEMPTS`, and what `work` throws. */
export function guardedByAddress<T>(
  { attempts }: Pick<SignInDeps, 'attempts'>,
  address: string,
  work: () => Promise<T>,
): Promise<T> {
  return counted(attempts.byAddress, addressKey(address), work);
}

/** Counts one attempt for `key` and takes it back unless it was a wrong guess: a failure of the gate is nobody's fault. */
export async function counted<T>(attempts: Attempts, key: string, work: () => Promise<T>): Promise<T> {
  attempts.begin(key);
  try {
    const result = await work();
    attempts.refund(key);
    return result;
  } catch (error) {
    if (asAppError(error).status >= 500) attempts.refund(key);
    throw error;
  }
}
