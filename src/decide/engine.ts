/** What evaluates a policy: the compiled form of it, or Casbin. Both give the same answers. */
import type { Question } from '../core/question.ts';
import type { PolicyRow } from './policy-row.ts';
import type { Path } from './role-index.ts';

/** Who answers the questions to a snapshot. */
export type EvaluationPath = 'compiled' | 'casbin';

/** What an asker is to a policy at a moment; true as long as its closure. */
export interface Standing extends Path {
  /** The roles a token is narrowed to and what these imply: only their rules allow. `undefined` for all. */
  readonly narrowed: ReadonlySet<string> | undefined;
  /** Whether one of the rules that count for them looks at the time. */
  readonly mentionsTime: boolean;
  /** Whether one of the rules that count for them looks at the kernel message. */
  readonly mentionsMessage: boolean;
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
  standing(question: Question, roles: readonly string[] | null): S;
  answer(standing: S, question: Question): Answer;
  /** Whether something below the path of `question` may be allowed. Errors are refusals. */
  leads(standing: S, question: Question): boolean;
  /** Every rule of the asker's roles, whether or not a token narrows them, in Casbin's order. Slow. */
  rowsFor(standing: S): readonly PolicyRow[];
  /** Every rule of one subject, in Casbin's order. */
  rowsOf(subject: string): readonly PolicyRow[];
  /** How many rules `rowsOf` would give; with matchers that tie no rule to an asker, `''` has them all. */
  sizeOf(subject: string): number;
  /** Every subject that a rule names; some of them more than once. */
  subjects(): Iterable<string>;
  /** Every rule, in Casbin's order. Slow. */
  allRows(): readonly PolicyRow[];
  /** How many rules there are. */
  readonly size: number;
}
