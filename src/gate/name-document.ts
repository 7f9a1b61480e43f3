/** Completes questions about a shared document with the path of its file. */
import type { Classified } from '../core/classified.ts';
import type { Documents } from '../core/documents.ts';
import { AppError } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import type { QuestionDraft } from '../core/question.ts';

/**
 * `classified` with every path in it. Throws `NOT_FOUND` for a document that is not known: a question without its path
 * would be about something else. Somebody who is not signed in is told nothing, with `SIGN_IN_REQUIRED`.
 */
export async function nameDocument(
  documents: Documents,
  classified: Classified,
  identity: Identity,
): Promise<Classified> {
  const { document, questions } = classified;
  if (document === undefined) return classified;
  const path = await documents.pathOf(document);
  if (path === undefined) {
    throw new AppError(identity.credential === 'none' ? 'SIGN_IN_REQUIRED' : 'NOT_FOUND');
  }
  const named = (draft: QuestionDraft): QuestionDraft =>
    draft.document === true ? { ...draft, path } : draft;
  const [headline, ...others] = questions;
  return { ...classified, questions: [named(headline), ...others.map(named)], path };
}
