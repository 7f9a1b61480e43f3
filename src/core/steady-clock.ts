/** A clock that never goes back: what was seen to have ended stays ended when the machine's clock is set back. */
import type { Clock } from './clock.ts';

/**
 * Follows `wall` forwards. When `wall` falls behind, time goes on from where it was at the pace of `elapsed`
 * (milliseconds of a clock that cannot be set), so that two hours given before take two hours still.
 */
export function createSteadyClock(wall: Clock, elapsed: () => number = () => performance.now()): Clock {
  let seen = wall.now();
  let at = elapsed();
  return {
    now() {
      const passed = Math.max(0, elapsed() - at);
      const next = Math.max(wall.now(), Math.floor(seen + passed));
      // Only a step forwards moves the mark: moving it each time would lose the fractions of milliseconds.
      if (next > seen + passed) {
        seen = next;
        at = elapsed();
      }
      return next;
    },
  };
}
