/** Everything that is under way, so that stopping can end it. */
import { AppError } from '../../core/errors.ts';

export interface OpenExchange {
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
  const open = new Set<OpenExchange>();
  const waiting: (() => void)[] = [];
  let stopping = false;
  return {
    get stopping() {
      return stopping;
    },
    add: (exchange) => void open.add(exchange),
    remove: (exchange) => {
      open.delete(exchange);
      if (open.size === 0) for (const resolve of waiting.splice(0)) resolve();
    },
    stop: () => {
      stopping = true;
    },
    abort: (kind) => {
      for (const exchange of open) if (exchange.kind === kind) exchange.end(new AppError('STOPPING'));
    },
    destroy: () => {
      for (const { destroy } of open) destroy();
    },
    drained: () =>
      open.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
  };
}
