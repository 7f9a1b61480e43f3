/** Everything that is under way, so that stopping can end it. */
import { AppError } from '../../core/errors.ts';

export type ExchangeKind = 'http' | 'socket';

export interface OpenExchange {
  readonly signal: AbortSignal;
  /** Takes the exchange out again; aborts the signal first when there is a reason. */
  readonly done: (reason?: AppError) => void;
}

export interface OpenExchanges {
  /** True once stopping began: nothing new is let in. */
  readonly stopping: boolean;
  open(kind: ExchangeKind): OpenExchange;
  stop(): void;
  /** Aborts what is open of a kind with `STOPPING`. */
  abort(kind: ExchangeKind): void;
}

export function createOpenExchanges(): OpenExchanges {
  const open = new Map<AbortController, ExchangeKind>();
  let stopping = false;
  return {
    get stopping() {
      return stopping;
    },
    open: (kind) => {
      const controller = new AbortController();
      open.set(controller, kind);
      const done = (reason?: AppError): void => {
        if (reason !== undefined) controller.abort(reason);
        open.delete(controller);
      };
      return { signal: controller.signal, done };
    },
    stop: () => {
      stopping = true;
    },
    abort: (kind) => {
      for (const [controller, of] of open) {
        if (of === kind) controller.abort(new AppError('STOPPING'));
      }
    },
  };
}
