/** The answer to a question: a record, never a bare boolean. */
import type { ErrorCode } from './errors.ts';

/** `ALLOWED`, or the error code of the refusal. */
export type VerdictCode = 'ALLOWED' | Extract<ErrorCode, `DENIED_${string}`> | 'POLICY_STALE';

export interface Verdict {
  readonly allowed: boolean;
  readonly code: VerdictCode;
  /** Ids of the rules that decided; empty when no rule matched. */
  readonly rules: readonly number[];
  /** Ids of the grants that give the asker the roles those rules name. */
  readonly grants: readonly number[];
  readonly revision: number;
  /** Epoch milliseconds at which this answer must be asked again; `null` when nothing ends by the clock. */
  readonly validUntil: number | null;
  /** What went wrong inside a condition or matcher; for the log, never for the asker. */
  readonly error?: string;
}
