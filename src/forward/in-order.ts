/** Deals with items one after the other, though some take a while: whoever brings them waits while it is busy. */

export interface InOrderOptions<Item> {
  readonly deal: (item: Item) => void | Promise<void>;
  /** Called after each item, and before while one takes a while. */
  readonly onChange: () => void;
  /** Told what `deal` threw. */
  readonly onError: (error: unknown) => void;
}

export class InOrder<Item> {
  readonly #options: InOrderOptions<Item>;
  #dealing: Promise<void> | undefined;

  constructor(options: InOrderOptions<Item>) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#dealing !== undefined;
  }

  /** Deals with `item`, at once where nothing has to be waited for. Not to be called while it is busy. */
  take(item: Item): void {
    const { deal, onChange, onError } = this.#options;
    try {
      const work = deal(item);
      if (work !== undefined) this.#dealing = this.#wait(work);
    } catch (error) {
      onError(error);
    }
    onChange();
  }

  /** Resolves when it is not busy. */
  settled(): Promise<void> {
    return this.#dealing ?? Promise.resolve();
  }

  async #wait(work: Promise<void>): Promise<void> {
    const { onChange, onError } = this.#options;
    try {
      await work;
    } catch (error) {
      onError(error);
    }
    this.#dealing = undefined;
    onChange();
  }
}
