/** Everything that is under way, so that stopping can end it. */
import { AppError } from '../../core/errors.ts';
import { Roster } from '../../core/roster.ts';
import type { Placed } from '../../core/roster.ts';

export interface OpenExchange extends Placed {
  readonly kind: 'http' | 'socket';
  /** Asks it to end. */
  readonly end: (reason: AppError) => void;
  /** Breaks it off when that did not end it. */
  readonly destroy: () => void;
}

export interface OpenExchanges {
  /** True once stopping began: nothing new is let in. */
  readonly stopping: boolean;
  add(exchange: OpenExchange): void;
  /** Takes the exchange out again. */
  remove(exchange: OpenExchange): void;
  stop(): void;
  /** Ends what is open of a kind with `STOPPING`. */
  abort(kind: OpenExchange['kind']): void;
  /** Breaks off what is still open. */
  destroy(): void;
  /** Resolves when nothing is open. */
  drained(): Promise<void>;
}

export function createOpenExchanges(): OpenExchanges {
  const open = new Roster<OpenExchange>();
  const waiting: (() => void)[] = [];
  let stopping = false;
  return {
    get stopping() {
      return stopping;
    },
    add: (exchange) => open.enter(exchange),
    remove: (exchange) => {
      open.leave(exchange);
      if (open.size === 0) for (const resolve of waiting.splice(0)) resolve();
    },
    stop: () => {
      stopping = true;
    },
    abort: (kind) => {
      for (const exchange of open.all()) if (exchange.kind === kind) exchange.end(new AppError('STOPPING'));
    },
    destroy: () => {
      for (const { destroy } of open.all()) destroy();
    },
    drained: () =>
      open.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
  };
}
