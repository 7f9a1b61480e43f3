/** One document of one person, kept with its times the way Jupyter reports those of a file. */
import JSON5 from 'json5';
import { AppError } from '../core/errors.ts';
import type { DocumentKind } from '../core/objects.ts';
import { isObject } from './reply.ts';
import type { JsonObject } from './reply.ts';
import type { PresentDeps } from './presentation.ts';

/** Largest document, characters. */
const SIZE_LIMIT = 1024 * 1024;
/** Most documents of one kind for one person: JupyterLab has about 70 settings, and people a few workspaces. */
const COUNT_LIMIT = 500;
const NAME_LIMIT = 255;

export interface PersonalDocument {
  readonly body: string;
  /** RFC 3339. */
  readonly created: string;
  readonly modified: string;
}

export interface DocumentKey {
  readonly subject: string;
  readonly kind: DocumentKind;
  readonly name: string;
}

/** Reads a document, undefined when this person has none. */
export async function readDocument(
  { documents }: PresentDeps,
  key: DocumentKey,
): Promise<PersonalDocument | undefined> {
  const stored = await documents.get(key.subject, key.kind, key.name);
  return stored === undefined ? undefined : unwrap(stored);
}

/** All documents of one kind, by name. */
export async function listDocuments(
  { documents }: PresentDeps,
  subject: string,
  kind: DocumentKind,
): Promise<ReadonlyMap<string, PersonalDocument>> {
  const rows = await documents.list(subject, kind);
  return new Map(rows.map((row) => [row.name, unwrap(row.body)]));
}

/** Keeps a document. Throws `BODY_TOO_LARGE` for one, or for a number of them, no frontend writes. */
export async function writeDocument(deps: PresentDeps, key: DocumentKey, body: string): Promise<void> {
  const { documents, clock } = deps;
  if (body.length > SIZE_LIMIT) {
    throw new AppError('BODY_TOO_LARGE', {
      detail: `expected at most ${SIZE_LIMIT} characters, received ${body.length}`,
    });
  }
  if (key.name === '' || key.name.length > NAME_LIMIT) {
    throw new AppError('BODY_INVALID', { detail: `expected a name of 1 to ${NAME_LIMIT} characters` });
  }
  const before = await readDocument(deps, key);
  if (before === undefined && (await documents.list(key.subject, key.kind)).length >= COUNT_LIMIT) {
    throw new AppError('BODY_TOO_LARGE', {
      detail: `expected at most ${COUNT_LIMIT} documents of this kind`,
    });
  }
  const modified = new Date(clock.now()).toISOString();
  const kept: PersonalDocument = { body, created: before?.created ?? modified, modified };
  await documents.put(key.subject, key.kind, key.name, JSON.stringify(kept));
}

function unwrap(stored: string): PersonalDocument {
  const { body, created, modified } = JSON.parse(stored) as Partial<PersonalDocument>;
  return { body: body ?? '{}', created: created ?? '', modified: modified ?? '' };
}

/** The JSON5 text as an object. Throws `BODY_INVALID`. */
export function parseJson5(raw: string): JsonObject {
  let value: unknown;
  try {
    value = JSON5.parse(raw);
  } catch (cause) {
    throw new AppError('BODY_INVALID', { detail: 'expected JSON5', cause });
  }
  if (!isObject(value)) throw new AppError('BODY_INVALID', { detail: 'expected a JSON5 object' });
  return value;
}

/** A part of the address that classify captured. Throws `INTERNAL` when the route table does not capture it. */
export function captured(params: Readonly<Record<string, string>>, name: string): string {
  const value = params[name];
  if (value === undefined)
    throw new AppError('INTERNAL', { cause: new TypeError(`the route captures no \`${name}\``) });
  return value;
}
