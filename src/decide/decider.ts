/** What decide offers: snapshots built aside, questions answered at once. */
import type { Question } from '../core/question.ts';
import type { Verdict } from '../core/verdict.ts';
import type { GrantRecord, ModelRecord, PolicyChange, PolicyDocument, RuleRecord } from '../core/policy.ts';
import type { EvaluationPath } from './engine.ts';

/** One rule as the explanation shows it. */
export interface ConsideredRule {
  readonly rule: RuleRecord;
  /** Whether subject, labels, path and condition all match. */
  readonly matched: boolean;
  /** The first part that does not match, in words, or `''`. */
  readonly why: string;
}

/** An immutable policy of one revision. All methods are synchronous and free of I/O. */
export interface Snapshot {
  readonly revision: number;
  readonly model: ModelRecord;
  readonly size: { readonly rules: number; readonly grants: number };
  /** Who answers: the compiled form of the policy, or, where the model has a part it does not understand, Casbin. */
  readonly path: EvaluationPath;
  /** Answers one question; `roles` narrows a token to those of its owner's roles. Never throws: errors are refusals. */
  decide(question: Question, roles?: readonly string[] | null): Verdict;
  /** Whether something below `question.path` may be allowed: who may read below a directory may see that directory. */
  leads(question: Question, roles?: readonly string[] | null): boolean;
  /** Whether an answer to this asker could depend on the kernel message: the matcher or a rule of theirs mentions `msg` or `cell`. */
  restsOnMessage(question: Question, roles?: readonly string[] | null): boolean;
  /** Every rule of the asker's roles with whether and why not it matched. Slow; for people. */
  explain(question: Question, roles?: readonly string[] | null): readonly ConsideredRule[];
  /** All roles `subject` holds at the moment, direct and implied, on `server`. */
  rolesOf(subject: string, server: string): readonly string[];
  /** The rules that name `subject`, in the order in which they are asked. */
  rulesOf(subject: string): readonly RuleRecord[];
  /** The grants to `subject`, by id. */
  grantsOf(subject: string): readonly GrantRecord[];
  /** Every subject that a grant or a rule names; some of them twice, in no order. */
  subjects(): Iterable<string>;
  /** Every grant that starts or ends. */
  timedGrants(): Iterable<GrantRecord>;
  /** The earliest start or end among the grants, epoch milliseconds; `Infinity` when there is none. */
  readonly nextMoment: number;
  /** Everything it holds. Gathers every rule and grant: not for what happens often. */
  document(): PolicyDocument;
  /**
   * The snapshot of the next revision, which shares with this one all that is not changed. `undefined` where it has to be
   * built whole: because much is changed, because the order of rules may be, or because a row is refused for a reason.
   */
  after(change: PolicyChange): Snapshot | undefined;
}

/** The reference everybody asks; swapped in one assignment. */
export interface Decider {
  readonly current: Snapshot;
  /** Builds and checks a snapshot aside. Throws `MODEL_INVALID`, `CONDITION_INVALID`, `ROLE_CYCLE`, `ROLE_DEPTH` or `GRANTS_TOO_MANY`. */
  build(document: PolicyDocument): Promise<Snapshot>;
  /** Puts `snapshot` in force; ignores one older than the current. */
  swap(snapshot: Snapshot): void;
  /** Has Casbin answer the questions to the policy of `revision`, when that is the one in force: the next is compiled again. */
  leaveToCasbin(revision: number): Promise<void>;
  /** Called after each swap; returns a function that stops it. */
  onSwap(listener: (snapshot: Snapshot) => void): () => void;
}
