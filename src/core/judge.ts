/** Port to whoever answers questions on Jupyter resources: the policy, or a function of the application around the gate. */
import type { Action, JupyterResource } from './labels.ts';
import type { Question } from './question.ts';
import type { Soon } from './soon.ts';
import type { Verdict } from './verdict.ts';

export interface Judge {
  /**
   * Asks in order, up to the first refusal, all of one state of the policy; at once where nobody has to be waited for. Never
   * rejects: failures are refusals.
   */
  ask(questions: readonly Question[], roles: readonly string[] | null): Soon<readonly Verdict[]>;
  /** Asks one. Never rejects either. */
  answer(question: Question, roles: readonly string[] | null): Soon<Verdict>;
  /** Whether the answer could be another for another kernel message. */
  restsOnMessage(question: Question, roles: readonly string[] | null): boolean;
  /** Whether something below `question.path` may be allowed: who may read below a directory may see that directory. */
  leads(question: Question, roles: readonly string[] | null): Soon<boolean>;
}

/** A question as `Authorize` is asked it. */
export interface AuthorizeQuestion extends Question {
  readonly res: JupyterResource;
  /** The roles an API token was narrowed to, which only the function can honour then; `null` for a whole credential. */
  readonly roles: readonly string[] | null;
}

/**
 * Decides on a Jupyter resource in place of the policy. Only `true` allows; anything else, a throw and a late answer
 * refuse. `user` is the subject: a user name, or `guest:<id>` for somebody who is not signed in.
 */
export type Authorize = (
  user: string,
  action: Action,
  resource: JupyterResource,
  question: AuthorizeQuestion,
) => boolean | Promise<boolean>;
