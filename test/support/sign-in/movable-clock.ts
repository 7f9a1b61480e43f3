/** A clock that stands still until a test moves it. */
import type { Clock } from '../../../src/core/clock.ts';

export interface MovableClock extends Clock {
  advance(milliseconds: number): void;
}

export function movableClock(start = Date.parse('2026-03-02T09:00:00Z')): MovableClock {
  let now = start;
  return {
    now: () => now,
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}
