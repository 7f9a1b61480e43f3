/** Notes whether a transaction touches what people sign in with: only then is what is remembered of it to be dropped. */
import type { Repositories } from '../store/store.ts';

/** What changes nothing; everything else is taken for a change, also what somebody adds one day. */
const READS: ReadonlySet<PropertyKey> = new Set([
  'find',
  'findByHash',
  'list',
  'isDue',
  'sessions',
  'tokens',
  'invitations',
]);

export interface SignInTracking {
  /** The same repositories; what is done through them is noted. */
  readonly tx: Repositories;
  /** Whether anything was done to accounts, tokens, sessions or links. */
  hasTouched(): boolean;
}

export function trackSignIns(tx: Repositories): SignInTracking {
  let touched = false;
  const noted = <Repository extends object>(repository: Repository): Repository =>
    new Proxy(repository, {
      get(target, name, receiver): unknown {
        touched ||= !READS.has(name);
        return Reflect.get(target, name, receiver);
      },
    });
  return {
    tx: {
      ...tx,
      users: noted(tx.users),
      tokens: noted(tx.tokens),
      sessions: noted(tx.sessions),
      links: noted(tx.links),
      endings: noted(tx.endings),
    },
    hasTouched: () => touched,
  };
}
