/** The way into a transaction: refuses nesting, which would wait for itself, and lets `close` wait for what runs. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '../core/errors.ts';
import type { Backend } from './backend.ts';

export interface Transactor {
  readonly run: Backend['transaction'];
  /** Refuses new transactions and waits for those under way. */
  end(): Promise<void>;
}

export function createTransactor(backend: Backend): Transactor {
  const surrounding = new AsyncLocalStorage<{ open: boolean }>();
  const running = new Set<Promise<unknown>>();
  let ended = false;
  return {
    run(mode, work) {
      if (surrounding.getStore()?.open) {
        return Promise.reject(
          new TypeError('a transaction cannot be started inside another: use the repositories given to it'),
        );
      }
      if (ended) return Promise.reject(new AppError('STORE_UNAVAILABLE', { detail: 'the store is closed' }));
      const scope = { open: true };
      const result = backend
        .transaction(mode, (session) => surrounding.run(scope, () => work(session)))
        .finally(() => {
          // what the work left behind, such as a timer, inherits the scope and must not be refused for ever
          scope.open = false;
          running.delete(settled);
          // Node pays for every promise of the process, requests too, for as long as the context is followed (three times as much).
          if (running.size === 0) surrounding.disable();
        });
      const settled = result.catch(() => undefined);
      running.add(settled);
      return result;
    },
    async end() {
      ended = true;
      await Promise.all(running);
    },
  };
}
