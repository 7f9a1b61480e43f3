/**
 * Sees when a person's right to run code ended while a kernel of theirs goes on. Sockets are closed whatever the operator
 * chose; what becomes of the kernel behind them (`--on-revoke`) is done here.
 */
import type { Judge } from '../core/judge.ts';
import { isGuest } from '../core/names.ts';
import type { ObjectRecord, ObjectRegistry } from '../core/objects.ts';
import { NO_OWNER, UNKNOWN_OWNER } from '../core/question.ts';
import type { Decider } from '../decide/decider.ts';

export interface RevokedKernelsDeps {
  readonly registry: Pick<ObjectRegistry, 'all'>;
  readonly judge: Pick<Judge, 'ask'>;
  readonly decider: Pick<Decider, 'onSwap' | 'current'>;
  /** Whether an account exists and is not disabled. */
  readonly isActive: (user: string) => Promise<boolean>;
  readonly localTime: () => string;
  /** Interrupts the kernel or shuts it down. A kernel is tried again when this rejects. */
  readonly end: (kernel: ObjectRecord) => Promise<void>;
  /** Told of what failed. */
  readonly onFailure: (error: unknown) => void;
  /** Rights that rest on the time are looked at this often, milliseconds. */
  readonly intervalMs: number;
}

export interface RevokedKernels {
  /** Looks at every kernel once, now. Never rejects. */
  run(): Promise<void>;
  stop(): void;
}

/**
 * Looks on each new snapshot and at an interval. INVARIANT: only a kernel whose owner was seen to have the right is ended,
 * so a right that rests on the client's address, which nobody has here, never ends a kernel by mistake.
 */
export function createRevokedKernels(deps: RevokedKernelsDeps): RevokedKernels {
  const { registry, judge, decider, localTime, onFailure } = deps;
  const allowed = new Set<string>();
  let active = { revision: -1, users: new Map<string, Promise<boolean>>() };
  let round: Promise<void> | undefined;
  let isDue = false;

  function isActive(owner: string): Promise<boolean> {
    const { revision } = decider.current;
    if (active.revision !== revision) active = { revision, users: new Map() };
    const known = active.users.get(owner) ?? (isGuest(owner) ? Promise.resolve(true) : deps.isActive(owner));
    active.users.set(owner, known);
    return known;
  }

  /** Whether the owner could still run anything at all on it. */
  async function mayRun({ owner, path, server }: ObjectRecord): Promise<boolean> {
    if (!(await isActive(owner))) return false;
    const asked = { sub: owner, srv: server, res: 'channels', act: 'execute', path, own: owner } as const;
    const message = { msg: 'execute_request', cell: 'saved', ip: '', time: localTime() } as const;
    const [verdict] = await judge.ask([{ ...asked, ...message }], null);
    return verdict?.allowed === true;
  }

  async function look(kernel: ObjectRecord): Promise<void> {
    if (await mayRun(kernel)) allowed.add(kernel.id);
    else if (allowed.has(kernel.id)) {
      await deps.end(kernel);
      allowed.delete(kernel.id);
    }
  }

  async function lookAtAll(): Promise<void> {
    const kernels = registry
      .all('kernel')
      .filter(({ owner }) => owner !== NO_OWNER && owner !== UNKNOWN_OWNER);
    const there = new Set(kernels.map(({ id }) => id));
    for (const id of allowed) if (!there.has(id)) allowed.delete(id);
    await Promise.all(kernels.map((kernel) => look(kernel).catch(onFailure)));
  }

  const run = (): Promise<void> => {
    isDue = true;
    round ??= (async () => {
      while (isDue) {
        isDue = false;
        await lookAtAll();
      }
    })().finally(() => {
      round = undefined;
    });
    return round;
  };

  const stopListening = decider.onSwap(() => void run());
  const timer = setInterval(() => void run(), deps.intervalMs);
  timer.unref();
  return {
    run,
    stop() {
      stopListening();
      clearInterval(timer);
    },
  };
}
