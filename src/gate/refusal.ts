/**
 * What a refusal looks like from outside: sign in first; not there, for what the asker may not see; or forbidden, with what
 * was asked. It never depends on whether the thing exists: the Jupyter Server was not asked.
 */
import { ROOT_PATH, parentPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import { notFound } from '../core/not-found.ts';
import type { Classified } from '../core/classified.ts';
import type { ObjectRef, Question, QuestionDraft } from '../core/question.ts';
import type { Soon } from '../core/soon.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Asker } from '../present/presenter.ts';

export interface Refused {
  readonly verdict: Verdict;
  readonly question: Question;
  /** What `question` was completed from. */
  readonly draft: QuestionDraft | undefined;
  readonly classified: Classified;
}

/**
 * That something failed is told, wherever it did, and what the application around the gate decided is its own affair. Who
 * opens a page by a link is told what to ask for.
 */
const RIGHTS: readonly Verdict['code'][] = ['DENIED_BY_POLICY', 'DENIED_BY_RULE'];

/** The error that answers for it. */
export async function refusal(
  { verdict, question, draft, classified }: Refused,
  asker: Asker,
): Promise<AppError> {
  if (asker.identity.credential === 'none') return new AppError('SIGN_IN_REQUIRED');
  // A body can name somebody else's kernel too; the sentence about it would tell the path of their notebook.
  const object = draft?.object ?? classified.object;
  if (object !== undefined && !(await maySee(asker, object))) return notFound({ object, path: '' });
  // Which path is behind an id is nobody's business who may not read it.
  const { document, path } = classified;
  if (document !== undefined && !(await asker.may('contents', 'read', path)))
    return new AppError('NOT_FOUND');
  const isHidden = RIGHTS.includes(verdict.code) && classified.resource !== 'pages';
  if (isHidden && draft !== undefined && !(await maySeePath(asker, draft)))
    return notFound({ path: draft.path });
  return denied(verdict, wanted(question));
}

/** `detail` is what was asked, in words. */
export function denied({ code, error }: Verdict, detail: string): AppError {
  return new AppError(code === 'ALLOWED' ? 'DENIED_BY_POLICY' : code, { detail, cause: error });
}

/** A question in words. */
export function wanted({ act, res, path }: Pick<Question, 'act' | 'res' | 'path'>): string {
  return path === '' ? `${act} ${res}` : `${act} ${res} \`${path}\``;
}

function maySee(asker: Asker, object: ObjectRef): Soon<boolean> {
  return asker.mayObject(`${object.kind}s`, 'read', object);
}

/** What is only to be there is named by whoever asks: there the directory it goes into is what could be unknown. */
async function maySeePath(asker: Asker, { path, arrives, creates }: QuestionDraft): Promise<boolean> {
  if (path === '' || path === ROOT_PATH) return true;
  if ((await asker.may('contents', 'read', path)) || (await asker.leads(path))) return true;
  const isNew = arrives === true || creates === true;
  return isNew && maySeePath(asker, { res: 'contents', act: 'read', path: parentPath(path) });
}
