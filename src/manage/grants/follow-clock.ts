/** Runs the grants' clock: does what is due at the second it is due. */
import type { Clock } from '../../core/clock.ts';
import type { Decider } from '../../decide/decider.ts';

export interface FollowClockDeps {
  readonly decider: Decider;
  readonly clock: Clock;
  /** Records what is due. */
  readonly expire: () => Promise<unknown>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** A look at the clock at least this often, ms: a timer set for hours would not notice that the clock was moved. */
const LOOK_EVERY = 1000;

/**
 * Starts following, and does what fell due while no gate ran. The clock is read again at every look, so no error adds
 * up. What could not be recorded is tried again at the next look; decisions honour the times meanwhile. Returns a
 * function that stops it and waits for the work under way.
 */
export function followClock({ decider, clock, expire, log }: FollowClockDeps): () => Promise<void> {
  let next = decider.current.nextMoment;
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  let isStopped = false;

  async function work(): Promise<void> {
    try {
      await expire();
      // Another gate may have done it; then this one's policy follows in a moment.
      const upcoming = decider.current.nextMoment;
      next = upcoming > clock.now() ? upcoming : clock.now() + LOOK_EVERY;
    } catch (error) {
      log('what the clock did to grants could not be recorded yet', { error });
      next = clock.now() + LOOK_EVERY;
    }
  }

  function look(): void {
    if (clock.now() >= next) {
      next = Number.POSITIVE_INFINITY;
      working = work().finally(arm);
    } else arm();
  }

  function arm(): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(look, Math.min(LOOK_EVERY, Math.max(0, next - clock.now())));
    timer.unref();
  }

  const stopListening = decider.onSwap(({ nextMoment }) => {
    next = nextMoment;
    arm();
  });
  arm();
  return async () => {
    isStopped = true;
    stopListening();
    clearTimeout(timer);
    await working;
  };
}
