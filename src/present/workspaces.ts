/**
 * JupyterLab's workspaces, answered without the Jupyter Server, which shows everybody's to everybody.
 * The answers have the shape of jupyterlab_server's `workspaces_handler`.
 */
import { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import type { Classified } from '../core/classified.ts';
import type { Asker } from './presenter.ts';
import { captured, listDocuments, readDocument, writeDocument } from './personal-document.ts';
import type { DocumentKey, PersonalDocument } from './personal-document.ts';
import type { PresentDeps } from './presentation.ts';
import { isObject, jsonAnswer, noContent } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** `GET /lab/api/workspaces`. */
export async function workspacesList(
  deps: PresentDeps,
  _classified: Classified,
  asker: Asker,
): Promise<Answer> {
  const own = await listDocuments(deps, asker.identity.subject, 'workspace');
  const values = [...own.values()].map(withTimes);
  const ids = values.map((value) => metadataOf(value)['id']);
  return jsonAnswer(200, { workspaces: { ids, values } });
}

/** `GET /lab/api/workspaces/{name}`; one that is missing is empty, as JupyterLab expects. */
export async function workspace(deps: PresentDeps, classified: Classified, asker: Asker): Promise<Answer> {
  const key = keyOf(classified, asker);
  const own = await readDocument(deps, key);
  return jsonAnswer(
    200,
    own === undefined ? { data: {}, metadata: { id: rooted(key.name) } } : withTimes(own),
  );
}

/** `PUT /lab/api/workspaces/{name}`: `metadata.id` must be the name in the address. */
export async function workspaceSave(
  deps: PresentDeps,
  classified: Classified,
  asker: Asker,
): Promise<Answer> {
  const key = keyOf(classified, asker);
  const { input } = classified;
  if (!isObject(input)) throw new AppError('BODY_INVALID', { detail: 'expected a workspace' });
  const id = metadataOf(input)['id'];
  if (typeof id !== 'string' || unquoted(rooted(id)) !== rooted(key.name)) {
    throw new AppError('BODY_INVALID', { detail: `expected \`${rooted(key.name)}\` in \`metadata.id\`` });
  }
  await writeDocument(deps, key, JSON.stringify(input));
  return noContent();
}

/** `DELETE /lab/api/workspaces/{name}`. */
export async function workspaceDelete(
  deps: PresentDeps,
  classified: Classified,
  asker: Asker,
): Promise<Answer> {
  const { subject, kind, name } = keyOf(classified, asker);
  if (!(await deps.documents.remove(subject, kind, name))) throw new AppError('NOT_FOUND');
  return noContent();
}

function keyOf({ params }: Classified, asker: Asker): DocumentKey {
  const name = captured(params, 'name').replace(/^\//, '');
  return { subject: asker.identity.subject, kind: 'workspace', name };
}

function withTimes(own: PersonalDocument): JsonObject {
  const value = JSON.parse(own.body) as JsonObject;
  return { ...value, metadata: { ...metadataOf(value), created: own.created, last_modified: own.modified } };
}

function metadataOf(value: JsonObject): JsonObject {
  const metadata = value['metadata'];
  return isObject(metadata) ? metadata : {};
}

function rooted(name: string): string {
  return name.startsWith('/') ? name : `/${name}`;
}

/** JupyterLab percent-encodes the id it writes; Jupyter decodes it leniently, so what is not an escape stays. */
function unquoted(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
