/** Completes what classify drafted with what only the gate knows: who asks, who owns what, from where and when. */
import { ROOT_PATH } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { ClientInfo } from '../core/http.ts';
import type { Identity } from '../core/identity.ts';
import type { Action, Resource } from '../core/labels.ts';
import type { Judge } from '../core/judge.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import { NO_OWNER, UNKNOWN_OWNER } from '../core/question.ts';
import type { ObjectRef, Question, QuestionDraft } from '../core/question.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Asker } from '../present/presenter.ts';

/** What a question needs beside its draft. */
export interface AskingContext {
  readonly identity: Identity;
  readonly client: ClientInfo;
}

export interface QuestionsOptions {
  readonly server: string;
  readonly registry: ObjectRegistry;
  readonly judge: Judge;
  /** RFC 3339 time in the configured zone. */
  readonly localTime: () => string;
}

export interface Answered {
  readonly verdict: Verdict;
  /** The question that was refused; undefined when all are allowed. */
  readonly refused: Question | undefined;
}

export interface Questions {
  /**
   * The full question for a draft, and for the kernel message of type `msg`: owner and path of an object from the registry,
   * `?` when nobody recorded it.
   */
  complete(draft: QuestionDraft, context: AskingContext, msg?: string): Question;
  /** Asks all; the first refusal is the answer, otherwise one verdict that names every rule that decided. */
  askAll(questions: readonly Question[], identity: Identity): Soon<Answered>;
  /** Asks one, at once where nobody has to be waited for. */
  ask(question: Question, identity: Identity): Soon<Verdict>;
  /** Whether the answer could be another for another kernel message. */
  restsOnMessage(question: Question, identity: Identity): boolean;
  /** Questions of one asker, for presenting. Each is answered as things are at that moment. */
  asker(context: AskingContext): Asker;
}

/** Questions over one registry and one judge. */
export function createQuestions(options: QuestionsOptions): Questions {
  const { registry, judge, server, localTime } = options;

  function complete(draft: QuestionDraft, { identity, client }: AskingContext, msg = ''): Question {
    const object =
      draft.object === undefined ? undefined : registry.lookup(draft.object.kind, draft.object.id);
    const own =
      draft.object !== undefined
        ? (object?.owner ?? UNKNOWN_OWNER)
        : draft.creates === true
          ? identity.subject
          : NO_OWNER;
    return {
      sub: identity.subject,
      srv: server,
      res: draft.res,
      act: draft.act,
      path: draft.path !== '' ? draft.path : (object?.path ?? ''),
      own,
      msg,
      cell: '',
      ip: client.address,
      time: localTime(),
    };
  }

  function askAll(questions: readonly Question[], identity: Identity): Soon<Answered> {
    return andThen(judge.ask(questions, identity.roles), (verdicts) => answered(questions, verdicts));
  }

  function asker(context: AskingContext): Asker {
    const { identity } = context;
    const decide = (question: Question): Soon<boolean> =>
      andThen(judge.answer(question, identity.roles), ({ allowed }) => allowed);
    const leads = (question: Question): Soon<boolean> => judge.leads(question, identity.roles);
    const draft = (res: Resource, act: Action, path: CanonicalPath | '' = ''): QuestionDraft => ({
      res,
      act,
      path,
    });
    return {
      identity,
      may: (res, act, path, own) => {
        const question = complete(draft(res, act, path), context);
        return decide(own === undefined ? question : { ...question, own });
      },
      mayObject: (res, act, object: ObjectRef) => decide(complete({ ...draft(res, act), object }, context)),
      leads: (path) => leads(complete(draft('contents', 'read', path), context)),
      mayAnywhere: async (res, act) => {
        const question = complete({ ...draft(res, act, ROOT_PATH), creates: true }, context);
        return (await decide(question)) || leads(question);
      },
    };
  }

  return {
    complete,
    askAll,
    ask: (question, { roles }) => judge.answer(question, roles),
    restsOnMessage: (question, { roles }) => judge.restsOnMessage(question, roles),
    asker,
  };
}

function answered(questions: readonly Question[], verdicts: readonly Verdict[]): Answered {
  const last = verdicts.at(-1);
  if (last === undefined) throw new TypeError('expected at least one question');
  if (!last.allowed) return { verdict: last, refused: questions[verdicts.length - 1] };
  return { verdict: joined(verdicts, last), refused: undefined };
}

/** One verdict for all of `verdicts`, which allow. */
function joined(verdicts: readonly Verdict[], last: Verdict): Verdict {
  if (verdicts.length === 1) return last;
  const ends = verdicts.map((verdict) => verdict.validUntil).filter((end) => end !== null);
  return {
    ...last,
    rules: [...new Set(verdicts.flatMap((verdict) => verdict.rules))],
    grants: [...new Set(verdicts.flatMap((verdict) => verdict.grants))],
    validUntil: ends.length === 0 ? null : Math.min(...ends),
  };
}
