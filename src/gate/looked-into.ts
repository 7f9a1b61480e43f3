/** What the sockets have in common whose messages may have to be looked into. */
import type { ClientInfo } from '../core/http.ts';
import type { Question } from '../core/question.ts';
import type { Verdict } from '../core/verdict.ts';
import type { BridgeOptions } from '../forward/forwarder.ts';
import type { Admission } from './admit.ts';

export interface RefusedMessage {
  readonly question: Question;
  readonly verdict: Verdict;
}

export interface PlanOptions {
  readonly admission: Admission;
  readonly client: ClientInfo;
  readonly onRefused: (refused: RefusedMessage) => void;
}

export interface Plan {
  /** What must stay allowed, beside what the socket was let in by. */
  readonly questions: readonly Question[];
  readonly stillStands?: () => Promise<boolean>;
  /** Left out for a tunnel. */
  readonly bridge: BridgeOptions | undefined;
}
