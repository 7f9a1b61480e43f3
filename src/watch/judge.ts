/** Whether something that is open may stay, and what the person is told when it may not. */
import type { Clock } from '../core/clock.ts';
import type { LiveSocket } from '../core/live-socket.ts';
import type { Action } from '../core/labels.ts';
import type { Decider } from '../decide/decider.ts';

export interface JudgeDeps {
  readonly decider: Decider;
  readonly clock: Clock;
  /** The time questions carry, in the configured zone. */
  readonly localTime: () => string;
}

export interface Standing {
  /** Epoch milliseconds at which it must be asked again; `null` when nothing ends by the clock. */
  readonly until: number | null;
  readonly rules: readonly number[];
  readonly revision: number;
}

export const SIGNED_OUT = 'Your sign-in has ended. Please sign in again.';

const ENDED: Readonly<Record<Action, string>> = {
  read: 'Your right to see this has ended. Ask an administrator if you need it.',
  write: 'Your right to change this has ended. Ask an administrator if you need it.',
  execute: 'Your right to run code here has ended. Ask an administrator if you need it.',
};

/** Asks all questions again. Answers the reason, for people, when one is refused or the sign-in is over. */
export function judge(deps: JudgeDeps, { identity, questions }: LiveSocket): Standing | string {
  let until = identity.expiresAt;
  if (until !== null && until <= deps.clock.now()) return SIGNED_OUT;
  const { current } = deps.decider;
  const rules = new Set<number>();
  for (const question of questions) {
    const verdict = current.decide({ ...question, time: deps.localTime() }, identity.roles);
    if (!verdict.allowed) return ENDED[question.act];
    until = earlier(until, verdict.validUntil);
    for (const rule of verdict.rules) rules.add(rule);
  }
  return { until, rules: [...rules], revision: current.revision };
}

/** What it was let in by, when that is the policy in force; undefined when it must be asked again. */
export function standingAtStart({ decider, clock }: JudgeDeps, socket: LiveSocket): Standing | undefined {
  const { validUntil, rules, revision } = socket.verdict;
  const until = earlier(socket.identity.expiresAt, validUntil);
  const isOld = revision !== decider.current.revision || (until !== null && until <= clock.now());
  return isOld ? undefined : { until, rules, revision };
}

function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
