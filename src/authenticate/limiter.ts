/** Runs at most so many tasks at once and keeps a short queue: for work that costs memory and processor time. */
import { AppError } from '../core/errors.ts';

export interface LimiterOptions {
  readonly parallel: number;
  readonly queue: number;
}

export type Limiter = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** The returned function throws `OVERLOADED` when `parallel` tasks run and `queue` more wait. */
export function createLimiter({ parallel, queue }: LimiterOptions): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (task) => {
    if (running < parallel) running += 1;
    else {
      if (waiting.length >= queue) throw new AppError('OVERLOADED', { detail: 'too many sign-ins at once' });
      // The place is handed over, not freed: `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
