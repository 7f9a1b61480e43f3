/** Sections of the frontends' configuration (`/api/config/{section}`): the server's own, each person's values over it. */
import { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import type { Classified } from '../core/classified.ts';
import type { Asker } from './presenter.ts';
import { captured, readDocument, writeDocument } from './personal-document.ts';
import type { DocumentKey } from './personal-document.ts';
import type { PresentDeps } from './presentation.ts';
import { isObject, jsonAnswer, noContent } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** `GET /api/config/{section}`. */
export async function configSection(
  deps: PresentDeps,
  classified: Classified,
  asker: Asker,
): Promise<Answer> {
  const key = keyOf(classified, asker);
  return jsonAnswer(200, merge(await serverSection(deps, key.name), await ownSection(deps, key)));
}

/** `PUT`: the person's values become these. Answers 204, as Jupyter does. */
export async function configReplace(
  deps: PresentDeps,
  classified: Classified,
  asker: Asker,
): Promise<Answer> {
  await writeDocument(deps, keyOf(classified, asker), JSON.stringify(inputOf(classified)));
  return noContent();
}

/** `PATCH`: merged into the person's values, where null takes a key out. Answers the section. */
export async function configSave(deps: PresentDeps, classified: Classified, asker: Asker): Promise<Answer> {
  const key = keyOf(classified, asker);
  const own = merge(await ownSection(deps, key), inputOf(classified));
  await writeDocument(deps, key, JSON.stringify(own));
  return jsonAnswer(200, merge(await serverSection(deps, key.name), own));
}

function inputOf({ input }: Classified): JsonObject {
  if (isObject(input)) return input;
  throw new AppError('BODY_INVALID', { detail: 'expected a JSON object' });
}

function keyOf({ params }: Classified, asker: Asker): DocumentKey {
  return { subject: asker.identity.subject, kind: 'config', name: captured(params, 'section') };
}

async function ownSection(deps: PresentDeps, key: DocumentKey): Promise<JsonObject> {
  const own = await readDocument(deps, key);
  return own === undefined ? {} : (JSON.parse(own.body) as JsonObject);
}

/** What the server's administrator configured; nothing when it does not answer, as for a section nobody wrote. */
async function serverSection({ ask, baseUrl }: PresentDeps, section: string): Promise<JsonObject> {
  const { status, body } = await ask('GET', `${baseUrl}api/config/${encodeURIComponent(section)}`);
  return status === 200 && isObject(body) ? body : {};
}

/** `change` over `base` as jupyter_server's `recursive_update` does: null deletes, objects merge, empty ones go. */
export function merge(base: JsonObject, change: JsonObject): JsonObject {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(change)) {
    const next = isObject(value) ? mergedPart(merged.get(key), value) : value;
    if (next === null) merged.delete(key);
    else merged.set(key, next);
  }
  return Object.fromEntries(merged);
}

function mergedPart(base: unknown, change: JsonObject): JsonObject | null {
  const part = merge(isObject(base) ? base : {}, change);
  return Object.keys(part).length === 0 ? null : part;
}
