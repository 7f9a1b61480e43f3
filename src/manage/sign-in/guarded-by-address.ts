/** Counts attempts to guess a link or token by the address they come from. */
import { addressKey } from '../../authenticate/attempts.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** Runs `work` unless the address failed too often. Throws `TOO_MANY_ATTEMPTS`, and what `work` throws. */
export async function guardedByAddress<T>(
  deps: Pick<SignInDeps, 'attempts'>,
  address: string,
  work: () => Promise<T>,
): Promise<T> {
  const key = addressKey(address);
  deps.attempts.byAddress.begin(key);
  const result = await work();
  deps.attempts.byAddress.refund(key);
  return result;
}
