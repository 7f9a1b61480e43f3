/**
 * `between(r.time, start, end)`: whether a moment lies in a range, start included, end not.
 * Bounds are whole minutes, so an answer that rests on time can only change when a minute begins.
 */

import { spend } from '../effort.ts';

const STEPS_OF_CALL = 50;
const CLOCK = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;
const EXPECTED = 'expected `HH:MM` or an RFC 3339 instant on a whole minute (`2026-03-01T09:15:00+01:00`)';

/**
 * `time` is RFC 3339 with its offset; `HH:MM` bounds are compared with its local time, and run over midnight when
 * `start` is later than `end`. Throws a `TypeError` when something cannot be read or the bounds are of two kinds.
 */
export function between(time: string, start: string, end: string): boolean {
  spend(STEPS_OF_CALL);
  const from = parseBound(start);
  const to = parseBound(end);
  if (from.kind !== to.kind) throw new TypeError('expected two `HH:MM` or two instants');
  const moment = from.kind === 'clock' ? clockOf(time) : instantOf(time);
  if (from.kind === 'instant' || from.value <= to.value) return moment >= from.value && moment < to.value;
  return moment >= from.value || moment < to.value;
}

/** Reason why `bound` cannot be a bound of `between`, or `undefined`. */
export function checkBound(bound: string): string | undefined {
  try {
    parseBound(bound);
    return undefined;
  } catch {
    return EXPECTED;
  }
}

interface Bound {
  readonly kind: 'clock' | 'instant';
  /** Minutes since midnight, or epoch milliseconds. */
  readonly value: number;
}

function parseBound(bound: string): Bound {
  const clock = CLOCK.exec(bound);
  if (clock !== null) {
    return {
      kind: 'clock',
      value: clock[1] === undefined ? 24 * 60 : Number(clock[1]) * 60 + Number(clock[2]),
    };
  }
  const value = instantOf(bound);
  if (value % 60_000 !== 0) throw new TypeError(EXPECTED);
  return { kind: 'instant', value };
}

function instantOf(text: string): number {
  const value = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) throw new TypeError(`${EXPECTED}, received \`${text.slice(0, 40)}\``);
  return value;
}

function clockOf(time: string): number {
  instantOf(time);
  const [, hours, minutes] = INSTANT.exec(time) ?? [];
  return Number(hours) * 60 + Number(minutes);
}
