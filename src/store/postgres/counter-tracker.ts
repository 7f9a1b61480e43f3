/** Tells the counters that other processes raised from those this process raised itself. */
import type { Counters } from '../backend.ts';
import type { Bump, CounterName } from '../session.ts';

/** How long an observed number that an own transaction claims may wait for that transaction's end. */
const CLAIM_MS = 250;

export interface CounterTracker {
  /** An open transaction of this process set a counter. */
  claim(bump: Bump): void;
  /** The transaction behind these claims ended. */
  settle(bumps: readonly Bump[], committed: boolean): void;
  /** Which counters differ from what this process knows. With `resync`, also those that went back (a restored database). */
  changed(observed: Counters, options: { readonly resync: boolean }): Promise<CounterName[]>;
  /** These counters, as observed, have been dealt with. */
  acknowledge(observed: Counters, names: readonly CounterName[]): void;
}

interface Claim {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

export function createCounterTracker(initial: Counters): CounterTracker {
  const known: Record<CounterName, number> = { ...initial };
  const claims = new Map<string, Claim>();
  const names = Object.keys(known) as CounterName[];
  return {
    claim(bump) {
      claims.set(keyOf(bump), createClaim());
    },
    settle(bumps, committed) {
      for (const bump of bumps) {
        // a gap means that another process came in between: left to the next look at the counters
        if (committed && bump.value === known[bump.name] + 1) known[bump.name] = bump.value;
        claims.get(keyOf(bump))?.end();
        claims.delete(keyOf(bump));
      }
    },
    async changed(observed, { resync }) {
      for (const name of names) {
        const claim = claims.get(keyOf({ name, value: observed[name] }));
        // the number is visible, so that transaction is over and its end about to be heard
        if (claim) await Promise.race([claim.ended, wait(CLAIM_MS)]);
      }
      return names.filter((name) => (resync ? observed[name] !== known[name] : observed[name] > known[name]));
    },
    acknowledge(observed, handled) {
      for (const name of handled) known[name] = observed[name];
    },
  };
}

function createClaim(): Claim {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

function keyOf({ name, value }: Bump): string {
  return `${name}/${value}`;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
