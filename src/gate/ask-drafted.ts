/** Asks the questions of one request, with the one exception there is: a directory on the way to something readable. */
import type { Classified } from '../core/classified.ts';
import type { Question } from '../core/question.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import type { Answered, AskingContext, Questions } from './questions.ts';

interface Asking {
  readonly questions: Questions;
  /** Completed from those of `classified`. */
  readonly asked: readonly Question[];
  readonly classified: Classified;
  readonly context: AskingContext;
}

/**
 * The answer to `asked`. Who may read something below a directory may look into that directory, where present shows what leads
 * there; a rule that denies it still does.
 */
export function askDrafted(asking: Asking): Soon<Answered> {
  const { questions, asked, context } = asking;
  return andThen(questions.askAll(asked, context.identity), (answered) =>
    answered.verdict.code === 'DENIED_BY_POLICY' ? orWhatLeads(asking, answered) : answered,
  );
}

async function orWhatLeads(
  { questions, asked, classified, context }: Asking,
  answered: Answered,
): Promise<Answered> {
  const { refused, verdict } = answered;
  const draft = refused && classified.questions[asked.indexOf(refused)];
  if (draft?.leads !== true || draft.path === '') return answered;
  if (!(await questions.asker(context).leads(draft.path))) return answered;
  const others = asked.filter((question) => question !== refused);
  if (others.length > 0) return questions.askAll(others, context.identity);
  return { verdict: { ...verdict, allowed: true, code: 'ALLOWED' }, refused: undefined };
}
