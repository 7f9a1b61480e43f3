/** Slows down guessing: so many attempts for each key within a window of time, kept in bounded memory. */
import ipaddr from 'ipaddr.js';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';

export interface AttemptsOptions {
  readonly clock: Clock;
  /** Attempts that may fail within `window`. */
  readonly limit: number;
  /** Milliseconds. */
  readonly window?: number | undefined;
  /** Keys remembered; beyond that the one untouched for longest is forgotten. */
  readonly maxKeys?: number | undefined;
}

export interface Attempts {
  /** Counts one attempt before its outcome is known, so that parallel ones are counted too. Throws `TOO_MANY_ATTEMPTS`. */
  begin(key: string): void;
  /** The attempt was right: neither it nor the failed ones before it count any longer. */
  succeed(key: string): void;
  /** Takes back the one attempt, leaving the failed ones before it: for keys many people share. */
  refund(key: string): void;
}

const TWO_MINUTES = 120_000;
const MAX_KEYS = 20_000;

/** See `Attempts`. Refused attempts do not count, so that waiting always helps. */
export function createAttempts(options: AttemptsOptions): Attempts {
  const { clock, limit, window = TWO_MINUTES, maxKeys = MAX_KEYS } = options;
  const attempts = new Map<string, number[]>();

  function recent(key: string): number[] {
    const from = clock.now() - window;
    return (attempts.get(key) ?? []).filter((at) => at > from);
  }

  function keep(key: string, times: number[]): void {
    attempts.delete(key);
    if (times.length > 0) attempts.set(key, times);
    const oldest = attempts.keys().next();
    if (attempts.size > maxKeys && oldest.done !== true) attempts.delete(oldest.value);
  }

  return {
    begin(key) {
      const times = recent(key);
      const [first] = times;
      if (first !== undefined && times.length >= limit) {
        const seconds = Math.ceil((first + window - clock.now()) / 1000);
        throw new AppError('TOO_MANY_ATTEMPTS', { detail: `try again in ${seconds} s` });
      }
      keep(key, [...times, clock.now()]);
    },
    succeed: (key) => void attempts.delete(key),
    refund: (key) => keep(key, recent(key).slice(0, -1)),
  };
}

/** What stands for a client's address in a key: IPv6 by its /64, since one customer is given at least that much. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 64);
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`;
}
