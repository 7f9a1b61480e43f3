/** Deals with items one after the other, in the order they came, though some take a while. */

export interface InOrder<Item> {
  add(item: Item): void;
  /** Whether an item is still being dealt with. */
  readonly isBusy: boolean;
  /** Resolves when nothing is left to deal with. */
  settled(): Promise<void>;
}

export interface InOrderOptions<Item> {
  /** May answer at once, and then nothing waits for a later turn. */
  readonly deal: (item: Item) => void | Promise<void>;
  /** Called when nothing is left to deal with. */
  readonly onIdle: () => void;
  /** Told what `deal` threw; the items that waited are dropped. */
  readonly onError: (error: unknown) => void;
}

/** An empty line of items. */
export function inOrder<Item>({ deal, onIdle, onError }: InOrderOptions<Item>): InOrder<Item> {
  let waiting: Item[] = [];
  let isBusy = false;
  let onSettled: (() => void)[] = [];

  function go(): void {
    isBusy = true;
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const dealing = deal(item);
        if (dealing === undefined) continue;
        dealing.then(go, fail);
        return;
      }
      rest();
      onIdle();
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    waiting = [];
    rest();
    onError(error);
  }

  function rest(): void {
    isBusy = false;
    const told = onSettled;
    onSettled = [];
    for (const tell of told) tell();
  }

  return {
    add(item) {
      waiting.push(item);
      if (!isBusy) go();
    },
    settled: () => (isBusy ? new Promise((resolve) => onSettled.push(resolve)) : Promise.resolve()),
    get isBusy() {
      return isBusy;
    },
  };
}
