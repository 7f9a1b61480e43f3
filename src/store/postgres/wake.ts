/** A pause that can be cut short, also by a call that came before it. */

export interface Wake {
  readonly call: () => void;
  /** Resolves after `milliseconds`, or as soon as `call` was made since the last wait. */
  wait(milliseconds: number): Promise<void>;
}

export function createWake(): Wake {
  let called = false;
  let resume = (): void => undefined;
  return {
    call: () => {
      called = true;
      resume();
    },
    async wait(milliseconds) {
      if (!called) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      called = false;
    },
  };
}
