/** Ends what runs on a kernel whose owner may not run code any more, and writes that down. */
import type { Clock } from '../../core/clock.ts';
import type { ObjectRecord } from '../../core/objects.ts';
import type { Forwarder } from '../../forward/forwarder.ts';
import type { Store } from '../../store/store.ts';
import { gateActor } from '../actor.ts';

export interface EndKernelDeps {
  readonly store: Pick<Store, 'transaction'>;
  readonly clock: Clock;
  readonly forwarder: Pick<Forwarder, 'ask'>;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
}

/** `interrupt` stops the running cell and keeps the variables; `shutdown` ends the kernel (Jupyter's REST API, `/api/kernels`). */
export type EndKernel = 'interrupt' | 'shutdown';

const REQUESTS = {
  interrupt: { method: 'POST', path: '/interrupt' },
  shutdown: { method: 'DELETE', path: '' },
} as const;

/** A kernel that is gone already is ended. Rejects when Jupyter could not be told, or the database not written. */
export async function endKernel(deps: EndKernelDeps, how: EndKernel, kernel: ObjectRecord): Promise<void> {
  const { store, clock, forwarder, baseUrl } = deps;
  const { method, path } = REQUESTS[how];
  const target = `${baseUrl}api/kernels/${encodeURIComponent(kernel.id)}${path}`;
  const { status } = await forwarder.ask(method, target);
  if (status === 404) return;
  if (status >= 400) throw new Error(`could not ${how} kernel ${kernel.id}: Jupyter answered ${status}`);
  await store.transaction(async (tx) => {
    const { revision } = await tx.state.counters();
    await tx.audit.append({
      at: clock.now(),
      actor: gateActor.subject,
      address: gateActor.address,
      what: `kernel.${how}`,
      target: kernel.owner,
      before: { kernel: kernel.id, path: kernel.path },
      after: null,
      revision,
    });
  });
}
