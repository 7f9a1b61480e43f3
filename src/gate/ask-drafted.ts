/** Asks the questions of one request, with the one exception there is: a directory on the way to something readable. */
import type { Classified } from '../core/classified.ts';
import type { Answered, AskingContext, Questions } from './questions.ts';
import type { Trail } from './trail.ts';

/**
 * The answer to `trail.questions`, which were completed from those of `classified`. Who may read something below a
 * directory may look into that directory, where present shows what leads there; a rule that denies it still does.
 */
export async function askDrafted(
  { questions }: { readonly questions: Questions },
  classified: Classified,
  { questions: asked }: Pick<Trail, 'questions'>,
  context: AskingContext,
): Promise<Answered> {
  const answered = await questions.askAll(asked, context.identity);
  const { refused, verdict } = answered;
  if (refused === undefined || verdict.code !== 'DENIED_BY_POLICY') return answered;
  const draft = classified.questions[asked.indexOf(refused)];
  if (draft?.leads !== true || draft.path === '') return answered;
  if (!(await questions.asker(context).leads(draft.path))) return answered;
  const others = asked.filter((question) => question !== refused);
  if (others.length > 0) return questions.askAll(others, context.identity);
  return { verdict: { ...verdict, allowed: true, code: 'ALLOWED' }, refused: undefined };
}
