/** The limits on guessing that hold at sign-in. */
import { createAttempts } from '../../authenticate/attempts.ts';
import type { Clock } from '../../core/clock.ts';
import type { SignInAttempts } from './sign-in-deps.ts';

const FAILED_PER_NAME = 3;
const FAILED_PER_ADDRESS = 100;
const TWO_MINUTES = 120_000;

/**
 * Three failed passwords for one name from one address in two minutes lock that name from there for five minutes, then
 * ten, and so on to an hour. A hundred failures of any kind from one address lock it for two minutes and never longer:
 * a classroom may share an address with one who guesses.
 */
export function createSignInAttempts(clock: Clock): SignInAttempts {
  return {
    byName: createAttempts({ clock, limit: FAILED_PER_NAME }),
    byAddress: createAttempts({
      clock,
      limit: FAILED_PER_ADDRESS,
      firstLock: TWO_MINUTES,
      longestLock: TWO_MINUTES,
    }),
  };
}
