/** The reference everybody asks, and the one assignment that puts another policy in force. */
import { buildSnapshot } from './build-snapshot.ts';
import type { Clock } from '../core/clock.ts';
import type { Decider, Snapshot } from './decider.ts';
import type { Witness } from './second-opinion/second-opinion.ts';

export interface DeciderOptions {
  /** Accept models that allow where no rule does (`--allow-default-allow`). */
  readonly allowDefaultAllow: boolean;
}

export interface DeciderDeps {
  readonly clock: Clock;
  /** Is told of every verdict of a compiled policy. */
  readonly witness?: Witness | undefined;
}

/** A decider that refuses everything until the first swap. */
export function createDecider(deps: DeciderDeps, { allowDefaultAllow }: DeciderOptions): Decider {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let current = refusingSnapshot();
  return {
    get current() {
      return current;
    },
    build: (document) => buildSnapshot(document, { ...deps, allowDefaultAllow }),
    async leaveToCasbin(revision) {
      if (current.revision !== revision) return;
      const snapshot = await buildSnapshot(current.document(), {
        ...deps,
        allowDefaultAllow,
        path: 'casbin',
      });
      if (current.revision === revision) this.swap(snapshot);
    },
    swap(snapshot) {
      if (snapshot.revision < current.revision) return;
      current = snapshot;
      for (const listener of listeners) listener(snapshot);
    },
    onSwap(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Nothing is in force yet, so nothing is allowed. */
function refusingSnapshot(): Snapshot {
  const revision = 0;
  const model = { version: 0, text: '', hash: '', source: 'none', createdAt: 0, createdBy: '' };
  return {
    revision,
    model,
    size: { rules: 0, grants: 0 },
    path: 'compiled',
    decide: () => ({
      allowed: false,
      code: 'DENIED_BY_POLICY',
      rules: [],
      grants: [],
      revision,
      validUntil: null,
    }),
    leads: () => false,
    restsOnMessage: () => true,
    explain: () => [],
    rolesOf: () => [],
    rulesOf: () => [],
    grantsOf: () => [],
    subjects: () => [],
    timedGrants: () => [],
    nextMoment: Number.POSITIVE_INFINITY,
    document: () => ({ revision, model, rules: [], grants: [] }),
    after: () => undefined,
  };
}
