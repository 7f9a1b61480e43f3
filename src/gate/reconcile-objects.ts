/**
 * Holds the registry of owners to what the Jupyter Server really has: kernels are culled, servers restart, and a name that
 * is given again must not bring its former owner with it.
 */
import type { Clock } from '../core/clock.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import type { ObjectKind } from '../core/question.ts';
import type { Forwarder } from '../forward/forwarder.ts';

export interface ReconcileDeps {
  readonly forwarder: Pick<Forwarder, 'ask'>;
  readonly registry: ObjectRegistry;
  readonly clock: Clock;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
  readonly intervalMs: number;
  /** Told of a round that failed; the next one tries again. */
  readonly onFailure: (error: unknown) => void;
}

export interface Reconciler {
  /** Compares once, now. Rejects when a list cannot be had or the database fails; nothing is forgotten then. */
  run(): Promise<void>;
  stop(): void;
}

const LISTS: readonly (readonly [ObjectKind, string, 'id' | 'name'])[] = [
  ['session', 'sessions', 'id'],
  ['kernel', 'kernels', 'id'],
  ['terminal', 'terminals', 'name'],
];
/** How far the clocks of two replicas may be apart, and how long a recorded terminal may take to appear, ms. */
const MARGIN = 15_000;

/** Compares at once and then at an interval, one round after the other. */
export function createReconciler(deps: ReconcileDeps): Reconciler {
  const { forwarder, registry, clock, baseUrl, intervalMs, onFailure } = deps;

  async function compare([kind, list, key]: (typeof LISTS)[number]): Promise<void> {
    const before = clock.now() - MARGIN;
    const known = registry.all(kind).filter(({ createdAt }) => createdAt < before);
    if (known.length === 0) return;
    const { status, body } = await forwarder.ask('GET', `${baseUrl}api/${list}?no_track_activity=1`);
    if (status !== 200 || !Array.isArray(body))
      throw new Error(`expected a list of ${list}, received ${status}`);
    const alive = new Set(body.map((model: Readonly<Record<string, unknown>> | null) => model?.[key]));
    for (const { id } of known) if (!alive.has(id)) await registry.forget(kind, id);
  }

  let round: Promise<void> | undefined;
  const run = (): Promise<void> => {
    round ??= (async () => {
      for (const list of LISTS) await compare(list);
    })().finally(() => {
      round = undefined;
    });
    return round;
  };

  const attempt = (): void => void run().catch(onFailure);
  const timer = setInterval(attempt, intervalMs);
  timer.unref();
  attempt();
  return { run, stop: () => clearInterval(timer) };
}
