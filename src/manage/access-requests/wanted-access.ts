/** What somebody would need for an address or a single question, and whether they have it already. */
import { randomBytes } from 'node:crypto';
import type { AccessAsker, AskedThing } from '../../core/access-advice.ts';
import { canonicalPath } from '../../core/canonical-path.ts';
import { AppError } from '../../core/errors.ts';
import { isAction, isJupyterResource, isResource } from '../../core/labels.ts';
import { NO_OWNER } from '../../core/question.ts';
import type { Question, QuestionDraft } from '../../core/question.ts';
import type { Snapshot } from '../../decide/decider.ts';
import { hasOwner } from '../decisions/explain.ts';
import type { ClassifyUrl } from '../decisions/explain.ts';
import type { Management } from '../management.ts';

export interface WantedQuestion {
  readonly question: Question;
  /** Also allowed where the path is a directory above something that may be read. */
  readonly leads: boolean;
}

export interface Wanted {
  readonly questions: readonly WantedQuestion[];
  /** What is missing, the path rather than the page around it; undefined when nothing is. */
  readonly refused: Question | undefined;
}

/** All that a GET of `address` asks. Throws classify's refusals, and `NOT_FOUND` for kernels, sessions and terminals. */
export function wantedAt(
  management: Management,
  classifyUrl: ClassifyUrl,
  { asker, address }: { readonly asker: AccessAsker; readonly address: string },
): Wanted {
  const { questions } = classifyUrl('GET', address, undefined);
  // Whose they are, and whether there is one of that name, is nobody else's business.
  if (questions.some((draft) => draft.object !== undefined)) throw new AppError('NOT_FOUND');
  return wanted(management, asker, questions);
}

/** The one question, about the asker's own kernels and the like. Throws `NOT_FOUND` for labels that are not Jupyter's, and `PATH_INVALID`. */
export function wantedThing(
  management: Management,
  asker: AccessAsker,
  { act, res, path }: { readonly act: string; readonly res: string; readonly path: string },
): Wanted {
  if (!isAction(act) || !isResource(res) || !isJupyterResource(res)) throw new AppError('NOT_FOUND');
  const draft: QuestionDraft = {
    act,
    res,
    path: path === '' ? '' : canonicalPath(path),
    creates: hasOwner(res),
    leads: act === 'read' && res === 'contents',
  };
  return wanted(management, asker, [draft]);
}

/** Whether all of it is allowed by `snapshot`. */
export function allows(snapshot: Snapshot, questions: readonly WantedQuestion[]): boolean {
  return questions.every((wantedOne) => isAllowed(snapshot, wantedOne));
}

/** Whether the asker may know what lies at the path of the question. */
export function isKnown(snapshot: Snapshot, question: Question): boolean {
  if (question.path === '') return true;
  const look: Question = { ...question, res: 'contents', act: 'read', own: NO_OWNER };
  return isAllowed(snapshot, { question: look, leads: true });
}

/** The same asked of a path that cannot have been thought of in any rule. */
export function elsewhere(snapshot: Snapshot, { questions }: Wanted): Wanted {
  const path = canonicalPath(`/${randomBytes(12).toString('hex')}`);
  const moved = questions.map(({ question, leads }) => ({
    question: question.path === '' ? question : { ...question, path },
    leads,
  }));
  return { questions: moved, refused: missingOf(snapshot, moved) };
}

export function thingOf({ act, res, path }: Question): AskedThing {
  return { act, res, path };
}

function wanted(
  management: Management,
  { subject, ip }: AccessAsker,
  drafts: readonly QuestionDraft[],
): Wanted {
  const questions = drafts.map(({ res, act, path, creates, leads = false }) => ({
    question: {
      sub: subject,
      srv: management.serverName,
      res,
      act,
      path,
      own: creates === true ? subject : NO_OWNER,
      msg: '',
      cell: '',
      ip,
      time: management.localTime(),
    },
    leads,
  }));
  return { questions, refused: missingOf(management.decider.current, questions) };
}

function missingOf(snapshot: Snapshot, questions: readonly WantedQuestion[]): Question | undefined {
  const missing = questions.filter((one) => !isAllowed(snapshot, one)).map(({ question }) => question);
  return missing.find(({ path }) => path !== '') ?? missing[0];
}

/** As the gate answers it; a directory on the way may be looked into unless a rule denies it. */
function isAllowed(snapshot: Snapshot, { question, leads }: WantedQuestion): boolean {
  const { allowed, code } = snapshot.decide(question);
  return (
    allowed || (leads && question.path !== '' && code === 'DENIED_BY_POLICY' && snapshot.leads(question))
  );
}
