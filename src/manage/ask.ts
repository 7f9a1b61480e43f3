/** Questions about the gate's own administration, in the form the decider takes. */
import type { Action, Resource } from '../core/labels.ts';
import { NO_OWNER } from '../core/question.ts';
import type { Question } from '../core/question.ts';

export interface AskContext {
  readonly serverName: string;
  readonly address: string;
  /** RFC 3339 instant in the configured time zone. */
  readonly time: string;
}

/** The question whether `sub` may do `act` on `res`, where no file, owner or message applies. */
export function plainQuestion(
  asked: { sub: string; res: Resource; act: Action },
  context: AskContext,
): Question {
  return {
    ...asked,
    srv: context.serverName,
    path: '',
    own: NO_OWNER,
    msg: '',
    cell: '',
    ip: context.address,
    time: context.time,
  };
}
