/** How long the far end may take to close, once this end is done with it. */

const LONGEST = 30_000;

export class Patience {
  readonly #onOver: () => void;
  #milliseconds = LONGEST;
  #timer: NodeJS.Timeout | undefined;

  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  /** Begins to wait, anew where it did already; at most `milliseconds` from now on. */
  start(milliseconds = LONGEST): void {
    this.#milliseconds = Math.min(this.#milliseconds, milliseconds);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onOver, this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
