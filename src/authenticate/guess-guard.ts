/** Counts tokens that nobody was given against the address they come from. */
import { addressKey } from './attempts.ts';
import type { Attempts } from './attempts.ts';

/** Runs `look`; finding nothing counts as a guess. Throws `TOO_MANY_ATTEMPTS` for an address that guessed too often. */
export type GuessGuard = <Found>(
  hash: string,
  address: string,
  look: () => Promise<Found | undefined>,
) => Promise<Found | undefined>;

/**
 * A client that goes on with one token that has ended is no guesser, so each wrong token counts once: `size` of them are
 * remembered.
 */
export function createGuessGuard(
  attempts: Pick<Attempts, 'check' | 'begin' | 'refund'>,
  size: number,
): GuessGuard {
  const wrong = new Set<string>();

  return async (hash, address, look) => {
    const key = addressKey(address);
    if (wrong.has(hash)) {
      attempts.check(key);
      return look();
    }
    attempts.begin(key);
    let isWrong = false;
    try {
      const found = await look();
      isWrong = found === undefined;
      return found;
    } finally {
      if (isWrong) remember(wrong, hash, size);
      else attempts.refund(key);
    }
  };
}

function remember(hashes: Set<string>, hash: string, size: number): void {
  hashes.add(hash);
  const oldest = hashes.keys().next();
  if (hashes.size > size && oldest.done !== true) hashes.delete(oldest.value);
}
