/** One entry of the decision log: what was asked, by whom, what was answered. Never a token, cookie or body. */
import type { ErrorCode } from './errors.ts';
import type { VerdictCode } from './verdict.ts';

export interface DecisionEntry {
  readonly id: string;
  /** Epoch milliseconds at which the request arrived. */
  readonly at: number;
  readonly subject: string;
  readonly credential: string;
  readonly address: string;
  readonly method: string;
  /** Route id of the route table, or `''` when none matched. */
  readonly route: string;
  readonly res: string;
  readonly act: string;
  readonly path: string;
  readonly own: string;
  /** All questions beyond the headline, `act res path` each. */
  readonly also: readonly string[];
  readonly code: VerdictCode | ErrorCode;
  readonly rules: readonly number[];
  readonly revision: number;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
}
