/** Sessions: the tie between a notebook and its kernel, each person's own. */
import { UNKNOWN_OWNER } from '../core/question.ts';
import type { Answer } from '../core/http.ts';
import { notFound } from '../core/not-found.ts';
import { allowedOf } from './in-turns.ts';
import type { Asker } from './presenter.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { claim, pathOrNone, reconcile } from './ownership.ts';
import { asObject, bodyReply, jsonReply, readList, readObject, textField } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** `GET /api/sessions`. A session is shown with its kernel or not at all. */
export async function sessionList(deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  const models = readList(reply);
  await reconcile(deps, asker, 'session', new Set(models.map((model) => textField(model, 'id'))));
  return jsonReply(reply, await allowedOf(models, (model) => isVisible(model, asker)));
}

/** `GET /api/sessions/{id}`: as in the list, with its kernel or not at all. */
export async function sessionShown(
  _deps: PresentDeps,
  { classified, asker, reply }: Exchange,
): Promise<Answer> {
  if (await isVisible(readObject(reply), asker)) return bodyReply(reply, reply.body);
  throw notFound({ object: classified.object, path: '' });
}

/** `POST /api/sessions`: the asker owns session and kernel before they hear of them. */
export async function sessionCreated(
  deps: PresentDeps,
  { classified, asker, reply }: Exchange,
): Promise<Answer> {
  const model = readObject(reply);
  const kernelId = kernelIdOf(model);
  const path = pathOrNone(classified.params['notebook'] ?? model['path']);
  await claim(deps, asker, [
    { kind: 'session', id: textField(model, 'id'), path, kernelId },
    { kind: 'kernel', id: kernelId, path, kernelId: null },
  ]);
  return jsonReply(reply, model);
}

/** `PATCH /api/sessions/{id}`: a new path, or another kernel in place of the old one, which Jupyter then ends. */
export async function sessionChanged(
  deps: PresentDeps,
  { classified, asker, reply }: Exchange,
): Promise<Answer> {
  const { registry } = deps;
  const model = readObject(reply);
  const id = textField(model, 'id');
  const kernelId = kernelIdOf(model);
  const before = registry.lookup('session', id);
  // Without a path in the request the session stays where it is, whatever placeholder Jupyter knows it by.
  const path = pathOrNone(classified.params['notebook'] ?? before?.path ?? model['path']);
  await followKernel(deps, { kernelId, path, before, asker });
  await registry.update({ kind: 'session', id }, { path, kernelId });
  const old = before?.kernelId ?? null;
  if (old !== null && old !== kernelId) await registry.forget('kernel', old);
  return jsonReply(reply, model);
}

interface Follow {
  readonly kernelId: string;
  readonly path: ReturnType<typeof pathOrNone>;
  readonly before: ReturnType<PresentDeps['registry']['lookup']>;
  readonly asker: Asker;
}

/** The kernel goes with the notebook of its session; one that was started by the change belongs to the session's owner. */
async function followKernel(
  { registry }: PresentDeps,
  { kernelId, path, before, asker }: Follow,
): Promise<void> {
  const kernel = registry.lookup('kernel', kernelId);
  if (kernel === undefined) {
    const owner =
      before === undefined || before.owner === UNKNOWN_OWNER ? asker.identity.subject : before.owner;
    // Jupyter starts it where the session was before.
    const origin = before?.path ?? '';
    await registry.record({ kind: 'kernel', id: kernelId, path, origin, kernelId: null, owner });
  } else if (kernel.path === before?.path && kernel.owner === before.owner) {
    // A console on the notebook's kernel has a path of its own, which the kernel must not take.
    await registry.update({ kind: 'kernel', id: kernelId }, { path });
  }
}

async function isVisible(model: JsonObject, asker: Asker): Promise<boolean> {
  return (
    (await asker.mayObject('sessions', 'read', { kind: 'session', id: textField(model, 'id') })) &&
    asker.mayObject('kernels', 'read', { kind: 'kernel', id: kernelIdOf(model) })
  );
}

function kernelIdOf(model: JsonObject): string {
  return textField(asObject(model['kernel']), 'id');
}
