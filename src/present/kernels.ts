/** Kernels: each person sees their own and those the policy shares with them. */
import type { Answer } from '../core/http.ts';
import { allowedOf } from './in-turns.ts';
import type { Asker } from './presenter.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { claim, pathOrNone, reconcile } from './ownership.ts';
import { jsonReply, readList, readObject, textField } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** `GET /api/kernels`. */
export async function kernelList(deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  const models = readList(reply);
  await reconcile(deps, asker, 'kernel', new Set(models.map((model) => textField(model, 'id'))));
  return jsonReply(reply, await visibleKernels(models, asker));
}

/** `POST /api/kernels`: the asker owns it before they hear of it. */
export async function kernelCreated(
  deps: PresentDeps,
  { classified, asker, reply }: Exchange,
): Promise<Answer> {
  const model = readObject(reply);
  const path = pathOrNone(classified.params['notebook']);
  await claim(deps, asker, [{ kind: 'kernel', id: textField(model, 'id'), path, kernelId: null }]);
  return jsonReply(reply, model);
}

/** Those of `models` the asker may read. */
export function visibleKernels(models: readonly JsonObject[], asker: Asker): Promise<readonly JsonObject[]> {
  return allowedOf(models, (model) =>
    asker.mayObject('kernels', 'read', { kind: 'kernel', id: textField(model, 'id') }),
  );
}
