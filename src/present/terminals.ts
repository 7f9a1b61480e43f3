/** Terminals: each person's own. Names are given again after one ended. */
import type { Answer } from '../core/http.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { allowedOf } from './in-turns.ts';
import { claim, reconcile } from './ownership.ts';
import { jsonReply, readList, readObject, textField } from './reply.ts';

/** `GET /api/terminals`. */
export async function terminalList(deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  const models = readList(reply);
  await reconcile(deps, asker, 'terminal', new Set(models.map((model) => textField(model, 'name'))));
  const visible = await allowedOf(models, (model) =>
    asker.mayObject('terminals', 'read', { kind: 'terminal', id: textField(model, 'name') }),
  );
  return jsonReply(reply, visible);
}

/** `POST /api/terminals`: the asker owns it before they hear of it. */
export async function terminalCreated(deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  const model = readObject(reply);
  await claim(deps, asker, [{ kind: 'terminal', id: textField(model, 'name'), path: '', kernelId: null }]);
  return jsonReply(reply, model);
}
