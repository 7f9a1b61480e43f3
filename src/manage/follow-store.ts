/** Follows the changes other processes make: takes over what they changed, or builds their policy aside, and swaps it in. */
import type { Clock } from '../core/clock.ts';
import type { Decider, Snapshot } from '../decide/decider.ts';
import type { Store } from '../store/store.ts';
import { withLaterChanges } from './later-changes.ts';

export interface FollowStoreDeps {
  readonly store: Store;
  readonly decider: Decider;
  readonly clock: Clock;
  /** Drops what authenticate has cached. */
  readonly forget: () => void;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Milliseconds before a policy that could not be read or built is tried again. */
  readonly retryAfter?: number | undefined;
}

export interface Following {
  /** Milliseconds for which a newer policy is known and not in force: to be counted as staleness. 0 when up to date. */
  behindFor(): number;
  stop(): void;
}

const RETRY_AFTER = 1000;

/** Starts following. One policy is built at a time; a change that comes meanwhile is built after it. */
export function followStore(deps: FollowStoreDeps): Following {
  let wanted = 0;
  let behindSince: number | null = null;
  let isBuilding = false;
  let retry: NodeJS.Timeout | undefined;

  const unwatch = deps.store.watch((counters) => {
    deps.forget();
    if (counters.revision <= deps.decider.current.revision) return;
    wanted = Math.max(wanted, counters.revision);
    behindSince ??= deps.clock.now();
    void catchUp();
  });

  async function catchUp(): Promise<void> {
    if (isBuilding) return;
    isBuilding = true;
    try {
      while (deps.decider.current.revision < wanted) await takeOver();
      behindSince = null;
    } catch (error) {
      deps.log('a policy of another process could not be put in force', { revision: wanted, error });
      retry = setTimeout(() => void catchUp(), deps.retryAfter ?? RETRY_AFTER);
      retry.unref();
    } finally {
      isBuilding = false;
    }
  }

  async function takeOver(): Promise<void> {
    const { store, decider } = deps;
    decider.swap((await withLaterChanges(decider.current, store.read.changes)) ?? (await builtWhole()));
  }

  async function builtWhole(): Promise<Snapshot> {
    const document = await deps.store.read.policy();
    if (document === undefined || document.revision < wanted)
      throw new Error(`revision ${wanted} was announced and is not there`);
    return deps.decider.build(document);
  }

  return {
    behindFor: () => (behindSince === null ? 0 : deps.clock.now() - behindSince),
    stop() {
      unwatch();
      clearTimeout(retry);
    },
  };
}
