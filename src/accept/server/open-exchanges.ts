/** Everything that is under way, so that stopping can end it. */
import { AppError } from '../../core/errors.ts';

export type ExchangeKind = 'http' | 'socket';

export interface OpenExchange {
  readonly signal: AbortSignal;
  /** Aborts the signal. */
  readonly end: (reason: AppError) => void;
  /** Takes the exchange out again; aborts the signal first when there is a reason. */
  readonly done: (reason?: AppError) => void;
}

export interface OpenExchanges {
  /** True once stopping began: nothing new is let in. */
  readonly stopping: boolean;
  /** `destroy` breaks it off when aborting did not end it. */
  open(kind: ExchangeKind, destroy: () => void): OpenExchange;
  stop(): void;
  /** Aborts what is open of a kind with `STOPPING`. */
  abort(kind: ExchangeKind): void;
  /** Breaks off what is still open. */
  destroy(): void;
  /** Resolves when nothing is open. */
  drained(): Promise<void>;
}

interface Entry {
  readonly kind: ExchangeKind;
  readonly destroy: () => void;
}

export function createOpenExchanges(): OpenExchanges {
  const open = new Map<AbortController, Entry>();
  const waiting: (() => void)[] = [];
  let stopping = false;
  return {
    get stopping() {
      return stopping;
    },
    open: (kind, destroy) => {
      const controller = new AbortController();
      open.set(controller, { kind, destroy });
      const done = (reason?: AppError): void => {
        if (reason !== undefined) controller.abort(reason);
        open.delete(controller);
        if (open.size === 0) for (const resolve of waiting.splice(0)) resolve();
      };
      const end = (reason: AppError): void => controller.abort(reason);
      return { signal: controller.signal, end, done };
    },
    stop: () => {
      stopping = true;
    },
    abort: (kind) => {
      for (const [controller, entry] of open) {
        if (entry.kind === kind) controller.abort(new AppError('STOPPING'));
      }
    },
    destroy: () => {
      for (const { destroy } of open.values()) destroy();
    },
    drained: () =>
      open.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
  };
}
