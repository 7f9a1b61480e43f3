/** JupyterLab's settings, which the Jupyter Server keeps for everybody together, for each person alone. */
import { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import type { Classified } from '../core/classified.ts';
import type { Asker } from './presenter.ts';
import { captured, listDocuments, parseJson5, readDocument, writeDocument } from './personal-document.ts';
import type { PersonalDocument } from './personal-document.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { asObject, isObject, jsonReply, noContent, readObject, textField } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** `GET /lab/api/settings`: the server's schemas and values, the person's own values over them. */
export async function settingsList(deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  const model = readObject(reply);
  if (!Array.isArray(model['settings']))
    throw new AppError('UPSTREAM_FAILED', { detail: 'expected a list of settings' });
  const own = await listDocuments(deps, asker.identity.subject, 'settings');
  const plugins = model['settings'].map(asObject).map((plugin) => {
    // `?ids_only=true` answers with ids alone.
    return 'schema' in plugin ? overlaid(plugin, own.get(textField(plugin, 'id'))) : plugin;
  });
  return jsonReply(reply, { ...model, settings: plugins });
}

/** `GET /lab/api/settings/{name}`. */
export async function settings(deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  const plugin = readObject(reply);
  const name = textField(plugin, 'id');
  return jsonReply(reply, overlaid(plugin, await readDocument(deps, { ...settingsOf(asker), name })));
}

/** `PUT /lab/api/settings/{name}` with `{"raw": "<JSON5>"}`. */
export async function settingsSave(deps: PresentDeps, classified: Classified, asker: Asker): Promise<Answer> {
  const { input, params } = classified;
  const raw = isObject(input) ? input['raw'] : undefined;
  if (typeof raw !== 'string') throw new AppError('BODY_INVALID', { detail: 'expected `{"raw": "…"}`' });
  parseJson5(raw);
  await writeDocument(deps, { ...settingsOf(asker), name: captured(params, 'name') }, raw);
  return noContent();
}

function settingsOf(asker: Asker): { readonly subject: string; readonly kind: 'settings' } {
  return { subject: asker.identity.subject, kind: 'settings' };
}

function overlaid(plugin: JsonObject, own: PersonalDocument | undefined): JsonObject {
  if (own === undefined) return plugin;
  return {
    ...plugin,
    raw: own.body,
    settings: parseJson5(own.body),
    created: own.created,
    last_modified: own.modified,
  };
}
