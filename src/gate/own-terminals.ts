/**
 * Opens terminals so that their owner is known before they are there. Jupyter gives the name of a terminal that ended to the
 * next one; here none is given again while the registry still knows who had it.
 */
import { AppError } from '../core/errors.ts';
import type { Classified } from '../core/classified.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import type { Forwarder } from '../forward/forwarder.ts';
import type { Asker } from '../present/presenter.ts';
import { upstreamReply } from './json-reply.ts';
import type { JsonReply } from './json-reply.ts';

export interface OwnTerminals {
  /** Answers `POST /api/terminals`; what upstream refuses is passed on. */
  start(classified: Classified, asker: Asker): Promise<JsonReply>;
  /** Before a page that starts the terminal it shows when there is none (nbclassic/terminal/handlers.py). */
  opening(name: string, asker: Asker): Promise<void>;
}

export interface OwnTerminalsDeps {
  readonly forwarder: Pick<Forwarder, 'ask'>;
  readonly registry: ObjectRegistry;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
}

export function createOwnTerminals({ forwarder, registry, baseUrl }: OwnTerminalsDeps): OwnTerminals {
  const collection = `${baseUrl}api/terminals`;
  // INVARIANT: one terminal at a time, or two people would be given the same free name
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  }

  async function start({ input }: Classified, asker: Asker): Promise<JsonReply> {
    const name = freeName(await list());
    await record(name, asker);
    const wanted = typeof input === 'object' ? input : {};
    const { status, body } = await forwarder.ask('POST', collection, { ...wanted, name });
    if (status >= 300) await registry.forget('terminal', name);
    return upstreamReply(status, body);
  }

  async function opening(name: string, asker: Asker): Promise<void> {
    if (!(await list()).has(name)) await record(name, asker);
  }

  async function list(): Promise<ReadonlySet<string>> {
    const { status, body } = await forwarder.ask('GET', collection);
    // Without terminals on this server there is nothing to mistake; it answers the request itself.
    if (status === 404) return new Set();
    if (status !== 200 || !Array.isArray(body)) {
      throw new AppError('UPSTREAM_FAILED', {
        detail: `the terminals could not be listed: status ${status}`,
      });
    }
    return new Set(body.map((model: { readonly name?: unknown } | null) => String(model?.name)));
  }

  /** A small number, as people know it from Jupyter. */
  function freeName(living: ReadonlySet<string>): string {
    let number = 1;
    while (living.has(`${number}`) || registry.lookup('terminal', `${number}`) !== undefined) number += 1;
    return `${number}`;
  }

  const record = (id: string, { identity }: Asker): Promise<void> =>
    registry.record({ kind: 'terminal', id, path: '', kernelId: null, owner: identity.subject });

  return {
    start: (classified, asker) => inTurn(() => start(classified, asker)),
    opening: (name, asker) => inTurn(() => opening(name, asker)),
  };
}
