/** Answers a question nobody asked the gate, with every rule that was considered. */
import { canonicalPath } from '../../core/canonical-path.ts';
import { AppError } from '../../core/errors.ts';
import { ANONYMOUS } from '../../core/identity.ts';
import { isAction, isResource } from '../../core/labels.ts';
import { isGuest, isRole } from '../../core/names.ts';
import type { Question, QuestionDraft } from '../../core/question.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { ConsideredRule } from '../../decide/decider.ts';
import type { Management } from '../management.ts';
import { requireSubject, requireUser } from '../require.ts';

/** What may be left out is filled in as for a request of the subject itself. */
export interface AskedQuestion {
  readonly sub: string;
  readonly res: string;
  readonly act: string;
  readonly srv?: string | undefined;
  readonly path?: string | undefined;
  /** The subject itself when left out where an owner applies, otherwise none. */
  readonly own?: string | undefined;
  readonly msg?: string | undefined;
  readonly cell?: string | undefined;
  readonly ip?: string | undefined;
  /** RFC 3339; now when left out. */
  readonly time?: string | undefined;
}

export interface AskedRequest {
  readonly sub: string;
  readonly method: string;
  /** Origin-form target, e.g. `/api/contents/a.ipynb`. */
  readonly url: string;
  readonly body?: unknown;
}

/** Port to classify: the questions a request would ask. Throws its refusals (`ROUTE_UNKNOWN`, `BODY_INVALID`, …). */
export type ClassifyUrl = (
  method: string,
  url: string,
  body: unknown,
) => {
  readonly route: string;
  readonly questions: readonly QuestionDraft[];
};

export interface Explained {
  readonly question: Question;
  readonly verdict: Verdict;
  readonly considered: readonly ConsideredRule[];
}

const OWNED: ReadonlySet<string> = new Set(['kernels', 'channels', 'sessions', 'terminals']);

/** Whether what the resource stands for is somebody's. */
export function hasOwner(res: string): boolean {
  return OWNED.has(res);
}

/** Throws `INPUT_INVALID` for an unknown resource or action, `PATH_INVALID`, `USER_UNKNOWN` or `ROLE_UNKNOWN`. */
export async function explainQuestion(management: Management, asked: AskedQuestion): Promise<Explained> {
  const { res, act } = asked;
  const { sub, isActive } = await asker(management, asked.sub);
  if (!isResource(res)) throw unknown('res', res);
  if (!isAction(act)) throw unknown('act', act);
  const question: Question = {
    sub,
    srv: asked.srv ?? management.serverName,
    res,
    act,
    path: asked.path === undefined || asked.path === '' ? '' : canonicalPath(asked.path),
    own: asked.own ?? (hasOwner(res) ? sub : ''),
    msg: asked.msg ?? '',
    cell: asked.cell ?? '',
    ip: asked.ip ?? '',
    time: asked.time ?? management.localTime(),
  };
  return explain(management, question, isActive);
}

export interface ExplainedRequest {
  readonly route: string;
  /** Whether every question is allowed. */
  readonly allowed: boolean;
  readonly answers: readonly Explained[];
}

/** All questions a request would ask; an object in its address counts as the subject's own when it is not known. */
export async function explainRequest(
  management: Management,
  classifyUrl: ClassifyUrl,
  asked: AskedRequest,
): Promise<ExplainedRequest> {
  const { sub, isActive } = await asker(management, asked.sub);
  const { route, questions } = classifyUrl(asked.method, asked.url, asked.body);
  if (questions.some((draft) => draft.document === true)) throw sharedDocument();
  const answers = questions.map((draft) => explain(management, complete(management, sub, draft), isActive));
  return { route, allowed: answers.every((answer) => answer.verdict.allowed), answers };
}

function complete(management: Management, sub: string, draft: QuestionDraft): Question {
  const recorded =
    draft.object === undefined
      ? undefined
      : management.store.objects.lookup(draft.object.kind, draft.object.id);
  return {
    sub,
    srv: management.serverName,
    res: draft.res,
    act: draft.act,
    path: recorded?.path ?? draft.path,
    own: recorded?.owner ?? (draft.object !== undefined || draft.creates === true ? sub : ''),
    msg: '',
    cell: '',
    ip: '',
    time: management.localTime(),
  };
}

/** The subject in its stored form; a slip in the name is said rather than answered with a refusal. */
async function asker(
  management: Management,
  input: string,
): Promise<{ readonly sub: string; readonly isActive: boolean }> {
  if (isGuest(input)) return { sub: input, isActive: true };
  const sub = await requireSubject(management.store.read, input);
  if (sub === ANONYMOUS || isRole(sub)) return { sub, isActive: true };
  return { sub, isActive: (await requireUser(management.store.read, sub)).active };
}

function explain(management: Management, question: Question, isActive: boolean): Explained {
  const snapshot = management.decider.current;
  const verdict = snapshot.decide(question);
  return {
    question,
    verdict: isActive ? verdict : { ...verdict, allowed: false, code: 'DENIED_DISABLED' },
    considered: snapshot.explain(question),
  };
}

function sharedDocument(): AppError {
  const message =
    'expected a request that names a path: only the Jupyter Server knows the file behind a room';
  return new AppError('INPUT_INVALID', { problems: [{ at: 'url', message }] });
}

function unknown(at: 'res' | 'act', received: string): AppError {
  const expected = at === 'res' ? 'a resource label' : '`read`, `write` or `execute`';
  return new AppError('INPUT_INVALID', {
    problems: [{ at, message: `expected ${expected}, received \`${received}\`` }],
  });
}
