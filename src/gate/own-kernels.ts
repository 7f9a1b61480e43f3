/** Starts kernels under an id the gate chose, so that the owner is known before there is a kernel to reach. */
import { randomUUID } from 'node:crypto';
import type { Classified } from '../core/classified.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import type { Forwarder } from '../forward/forwarder.ts';
import { pathOrNone } from '../present/ownership.ts';
import type { Asker } from '../present/presenter.ts';
import { upstreamReply } from './json-reply.ts';
import type { JsonReply } from './json-reply.ts';

export interface OwnKernels {
  /** Answers `POST /api/kernels`; what upstream refuses is passed on. */
  start(classified: Classified, asker: Asker): Promise<JsonReply>;
}

export function createOwnKernels(deps: {
  readonly forwarder: Pick<Forwarder, 'ask'>;
  readonly registry: ObjectRegistry;
}): OwnKernels {
  const { forwarder, registry } = deps;

  async function start({ input, params, target }: Classified, { identity }: Asker): Promise<JsonReply> {
    const id = randomUUID();
    const path = pathOrNone(params['notebook']);
    await registry.record({ kind: 'kernel', id, path, kernelId: null, owner: identity.subject });
    let started: string | undefined;
    try {
      const wanted = typeof input === 'object' ? input : {};
      const { status, body } = await forwarder.ask('POST', target, { ...wanted, kernel_id: id });
      started = status < 300 ? idOf(body) : undefined;
      return upstreamReply(status, body, started === undefined ? {} : { location: `${target}/${started}` });
    } finally {
      // A server that does not know `kernel_id` chose an id of its own, which present records before it is shown.
      if (started !== id) await registry.forget('kernel', id);
    }
  }

  return { start };
}

function idOf(body: unknown): string | undefined {
  const id = (body as { readonly id?: unknown } | null)?.id;
  return typeof id === 'string' && /^[\w-]+$/.test(id) ? id : undefined;
}
