/**
 * Opens a session so that it is the asker's own. Jupyter's `POST /api/sessions` answers with whatever session has that
 * path already, and its kernel, whoever started it, indistinguishable from a new one. So the gate opens under a path
 * nobody has and renames it then, as JupyterLab does itself.
 */
import { randomUUID } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { Classified } from '../core/classified.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import type { Forwarder } from '../forward/forwarder.ts';
import type { Asker } from '../present/presenter.ts';
import { upstreamReply } from './json-reply.ts';
import type { JsonReply } from './json-reply.ts';

export interface OwnSessions {
  /** Opens the session, or finds the asker's own of the same notebook; what upstream refuses is passed on. */
  open(classified: Classified, asker: Asker): Promise<JsonReply>;
}

interface SessionRequest {
  readonly path: string;
  readonly kernel?: { readonly id?: string | null };
}

export function createOwnSessions(deps: {
  readonly forwarder: Forwarder;
  readonly registry: ObjectRegistry;
}): OwnSessions {
  const { forwarder, registry } = deps;

  async function open(classified: Classified, asker: Asker): Promise<JsonReply> {
    const wanted = classified.input as SessionRequest;
    const mine = await existing(classified, asker.identity.subject, wanted);
    if (mine !== undefined) return mine;
    const created = await forwarder.ask('POST', classified.target, {
      ...wanted,
      path: placeholderFor(wanted.path),
    });
    if (created.status !== 201) return upstreamReply(created.status, created.body);
    return rename(classified.target, sessionId(created.body), wanted.path);
  }

  /** A kernel asked for by id is attached to; otherwise the asker's own session of this path serves again. */
  async function existing(
    classified: Classified,
    owner: string,
    wanted: SessionRequest,
  ): Promise<JsonReply | undefined> {
    if (typeof wanted.kernel?.id === 'string') return undefined;
    const notebook = classified.params['notebook'];
    for (const session of registry.ownedBy(owner, 'session')) {
      if (session.path !== notebook) continue;
      const { status, body } = await forwarder.ask('GET', `${classified.target}/${session.id}`);
      if (status === 200 && pathOf(body) === wanted.path) return upstreamReply(201, body);
    }
    return undefined;
  }

  async function rename(target: string, id: string, path: string): Promise<JsonReply> {
    const renamed = await forwarder.ask('PATCH', `${target}/${id}`, { path });
    if (renamed.status === 200) return upstreamReply(201, renamed.body);
    await forwarder.ask('DELETE', `${target}/${id}`);
    throw new AppError('UPSTREAM_FAILED', {
      detail: `the new session could not be named: status ${renamed.status}`,
    });
  }

  return { open };
}

function placeholderFor(path: string): string {
  const cut = path.lastIndexOf('/');
  return `${path.slice(0, cut + 1)}${randomUUID()}`;
}

function sessionId(body: unknown): string {
  const id = (body as { readonly id?: unknown } | null)?.id;
  if (typeof id === 'string' && /^[\w-]+$/.test(id)) return id;
  throw new AppError('UPSTREAM_FAILED', { detail: 'the new session has no id' });
}

function pathOf(body: unknown): unknown {
  return (body as { readonly path?: unknown } | null)?.path;
}
