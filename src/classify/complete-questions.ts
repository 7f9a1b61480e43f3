/** From a row's questions in names to questions about the parts of one request. */
import type { DocumentRef } from '../core/documents.ts';
import type { ObjectRef, QuestionDraft } from '../core/question.ts';
import type { Ask, Parts, RouteRow } from './route.ts';

/** The questions of one request; those about parts that are not there are left out. */
export function completeQuestions(row: RouteRow, parts: Parts): readonly [QuestionDraft, ...QuestionDraft[]] {
  const [headline, ...others] = row.asks;
  return [
    draft(headline, parts),
    ...others.filter((ask) => applies(ask, parts)).map((ask) => draft(ask, parts)),
  ];
}

/** The kernel, session or terminal among the captures `names` of the address. */
export function addressedObject(names: readonly string[], { params }: Parts): ObjectRef | undefined {
  for (const kind of ['kernel', 'session', 'terminal'] as const) {
    const id = names.includes(kind) ? params[kind] : undefined;
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}

/** The shared document a row is about. */
export function namedDocument({ document }: RouteRow, { params }: Parts): DocumentRef | undefined {
  return document === undefined ? undefined : { kind: document[0], id: params[document[1]] ?? '' };
}

function applies({ when }: Ask, { params }: Parts): boolean {
  return when === undefined || params[when] !== undefined;
}

function draft(
  { res, act, path, object, creates, arrives, document, leads }: Ask,
  { params, paths }: Parts,
): QuestionDraft {
  return {
    res,
    act,
    path: path === undefined ? '' : (paths[path] ?? ''),
    object: object && { kind: object[0], id: params[object[1]] ?? '' },
    creates,
    document,
    arrives,
    leads,
  };
}
