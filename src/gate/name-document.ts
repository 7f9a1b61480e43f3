/** Completes questions about a shared document with the path of its file. */
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Classified } from '../core/classified.ts';
import type { Documents } from '../core/documents.ts';
import { AppError } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import type { QuestionDraft } from '../core/question.ts';
import type { Soon } from '../core/soon.ts';

/**
 * `classified` with every path in it. Throws `NOT_FOUND` for a document that is not known: a question without its path
 * would be about something else. Somebody who is not signed in is told nothing, with `SIGN_IN_REQUIRED`.
 */
export function nameDocument(
  documents: Documents,
  classified: Classified,
  identity: Identity,
): Soon<Classified> {
  const { document } = classified;
  return document === undefined ? classified : named(classified, identity, documents.pathOf(document));
}

async function named(
  classified: Classified,
  identity: Identity,
  finding: Promise<CanonicalPath | undefined>,
): Promise<Classified> {
  const path = await finding;
  if (path === undefined) {
    throw new AppError(identity.credential === 'none' ? 'SIGN_IN_REQUIRED' : 'NOT_FOUND');
  }
  const withPath = (draft: QuestionDraft): QuestionDraft =>
    draft.document === true ? { ...draft, path } : draft;
  const [headline, ...others] = classified.questions;
  return { ...classified, questions: [withPath(headline), ...others.map(withPath)], path };
}
