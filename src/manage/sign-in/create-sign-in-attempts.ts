/** The limits on guessing that hold at sign-in. */
import { createAttempts } from '../../authenticate/attempts.ts';
import type { Clock } from '../../core/clock.ts';
import type { SignInAttempts } from './sign-in-deps.ts';

const FAILED_PER_NAME = 3;
const FAILED_PER_ADDRESS = 100;

/** Three failed passwords for one name from one address, and a hundred failures of any kind from one address, in two minutes. */
export function createSignInAttempts(clock: Clock): SignInAttempts {
  return {
    byName: createAttempts({ clock, limit: FAILED_PER_NAME }),
    byAddress: createAttempts({ clock, limit: FAILED_PER_ADDRESS }),
  };
}
