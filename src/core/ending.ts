/**
 * Ends what is under way, once and for a reason. An `AbortController` with a listener does the same, and is a tenth of what
 * a request costs.
 */
import type { AppError } from './errors.ts';

type Listener = (reason: AppError) => void;

export class Ending {
  #reason: AppError | undefined;
  readonly #listeners: Listener[] = [];

  /** Why it ended; undefined while it goes on. */
  get reason(): AppError | undefined {
    return this.#reason;
  }

  /** The first reason stays. */
  end(reason: AppError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of this.#listeners.splice(0)) listener(reason);
  }

  /** Calls `listener` when it ends, or at once when it has ended. */
  onEnd(listener: Listener): void {
    if (this.#reason === undefined) this.#listeners.push(listener);
    else listener(this.#reason);
  }
}
