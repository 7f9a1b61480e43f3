/** Slows down guessing: so many attempts for each key within a window of time, then a lock, kept in bounded memory. */
import ipaddr from 'ipaddr.js';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';

export interface AttemptsOptions {
  readonly clock: Clock;
  /** Attempts that may fail within `window`; the last of them locks the key. */
  readonly limit: number;
  /** Milliseconds. */
  readonly window?: number | undefined;
  /** Milliseconds the first lock lasts; each further one twice as long as the one before. */
  readonly firstLock?: number | undefined;
  /** Milliseconds no lock lasts longer than; a key that was quiet for as long starts anew. */
  readonly longestLock?: number | undefined;
  /** Keys remembered; beyond that the one untouched for longest is forgotten. */
  readonly maxKeys?: number | undefined;
}

/** A key that is refused for a while. Times are epoch milliseconds. */
export interface Lock {
  readonly key: string;
  readonly since: number;
  readonly until: number;
}

export interface Attempts {
  /** Throws `TOO_MANY_ATTEMPTS` while the key is locked; counts nothing. */
  check(key: string): void;
  /** Counts one attempt before its outcome is known, so that parallel ones are counted too. Throws `TOO_MANY_ATTEMPTS`. */
  begin(key: string): void;
  /** The attempt was right: neither it nor the failed ones before it count any longer. */
  succeed(key: string): void;
  /** Takes back the one attempt, leaving the failed ones before it: for keys many people share. */
  refund(key: string): void;
  /** What is locked at the moment, the latest lock last. */
  locks(): readonly Lock[];
  /** Ends the lock of a key and forgets its failures; false when it is not locked. */
  lift(key: string): boolean;
}

interface History {
  /** When the attempts since the last lock were made; those older than the window do not count. */
  readonly times: readonly number[];
  /** Locks in a row, each longer than the one before. */
  readonly locks: number;
  readonly lockedAt: number;
  readonly lockedUntil: number;
}

const TWO_MINUTES = 120_000;
const FIVE_MINUTES = 300_000;
const ONE_HOUR = 3_600_000;
const MAX_KEYS = 20_000;
const FRESH: History = { times: [], locks: 0, lockedAt: 0, lockedUntil: 0 };

/** See `Attempts`. Refused attempts do not count, so that waiting always helps. */
export function createAttempts(options: AttemptsOptions): Attempts {
  const { clock, limit, window = TWO_MINUTES, maxKeys = MAX_KEYS } = options;
  const { firstLock = FIVE_MINUTES, longestLock = ONE_HOUR } = options;
  const records = new Map<string, History>();

  function recordOf(key: string): History {
    const record = records.get(key) ?? FRESH;
    const now = clock.now();
    const isQuiet = record.locks > 0 && record.lockedUntil + longestLock <= now;
    return {
      ...(isQuiet ? FRESH : record),
      times: record.times.filter((at) => at > now - window),
    };
  }

  function keep(key: string, record: History): void {
    records.delete(key);
    if (record.times.length > 0 || record.locks > 0) records.set(key, record);
    const oldest = records.keys().next();
    if (records.size > maxKeys && oldest.done !== true) records.delete(oldest.value);
  }

  function locked(record: History): History {
    const now = clock.now();
    const lasts = Math.min(firstLock * 2 ** record.locks, longestLock);
    return { ...record, locks: record.locks + 1, lockedAt: now, lockedUntil: now + lasts };
  }

  function check(key: string): History {
    const record = recordOf(key);
    const left = record.lockedUntil - clock.now();
    if (left > 0)
      throw new AppError('TOO_MANY_ATTEMPTS', { detail: `try again in ${Math.ceil(left / 1000)} s` });
    return record;
  }

  return {
    check: (key) => void check(key),
    begin(key) {
      const record = check(key);
      // Those that led to the last lock are paid for by it.
      const times = [...record.times.filter((at) => at > record.lockedAt), clock.now()];
      const counted = { ...record, times };
      keep(key, times.length < limit ? counted : locked(counted));
    },
    succeed: (key) => void records.delete(key),
    refund(key) {
      const { times, ...record } = recordOf(key);
      // The attempt that is taken back may be the one that locked: others of the same moment were held off by it.
      const unlocked = { locks: record.locks - 1, lockedAt: 0, lockedUntil: 0 };
      const isItsLock = times.length === limit && record.lockedUntil > clock.now();
      keep(key, { ...record, ...(isItsLock ? unlocked : {}), times: times.slice(0, -1) });
    },
    locks() {
      const now = clock.now();
      return [...records]
        .filter(([, { lockedUntil }]) => lockedUntil > now)
        .map(([key, { lockedAt, lockedUntil }]) => ({ key, since: lockedAt, until: lockedUntil }))
        .sort((one, other) => one.since - other.since);
    },
    lift(key) {
      if (recordOf(key).lockedUntil <= clock.now()) return false;
      return records.delete(key);
    },
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
