/** What evaluates a policy: the compiled form of it, or Casbin. Both give the same answers. */
import type { Question } from '../core/question.ts';
import type { PolicyRow } from './policy-row.ts';
import type { Closure } from './role-index.ts';

/** Who answers the questions to a snapshot. */
export type EvaluationPath = 'compiled' | 'casbin';

/** What an asker is to a policy at a moment; true for `closure.from <= now < closure.until`. */
export interface Standing {
  readonly closure: Closure;
  /** Whether one of the rules that count for them looks at the time. */
  readonly mentionsTime: boolean;
}

/** The answer Casbin gives. */
export interface Answer {
  readonly allowed: boolean;
  /** The rule that decided. */
  readonly row: PolicyRow | undefined;
  /** What a function threw, and the rule it was evaluated for; then nothing is allowed. */
  readonly failed?: { readonly row: PolicyRow | undefined; readonly error: unknown };
}

export interface Engine<S extends Standing> {
  readonly path: EvaluationPath;
  /** Where the asker of `question` stands; `roles` narrows a token. */
  standing(question: Question, roles: readonly string[] | null, now: number): S;
  answer(standing: S, question: Question): Answer;
  /** Whether something below the path of `question` may be allowed. Errors are refusals. */
  leads(standing: S, question: Question): boolean;
}
