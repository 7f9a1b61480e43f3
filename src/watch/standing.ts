/** Whether something that is open may stay, and what the person is told when it may not. */
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Judge } from '../core/judge.ts';
import type { Action } from '../core/labels.ts';
import type { LiveSocket } from '../core/live-socket.ts';
import type { Soon } from '../core/soon.ts';

export interface StandingDeps {
  readonly judge: Judge;
  readonly clock: Clock;
  /** The time questions carry, in the configured zone. */
  readonly localTime: () => string;
}

/** The latest answer to what is open. */
export interface Standing {
  /** Epoch milliseconds at which it must be asked again; `null` when nothing ends by the clock. */
  readonly until: number | null;
  readonly rules: readonly number[];
  readonly revision: number;
}

const CHANGED = ending('Your rights here have changed. The page connects again with those you have now.');
export const SIGNED_OUT = ending('Your sign-in has ended. Please sign in again.');

const ENDED: Readonly<Record<Action, AppError>> = {
  read: ending('Your right to see this has ended. Ask an administrator if you need it.'),
  write: ending('Your right to change this has ended. Ask an administrator if you need it.'),
  execute: ending('Your right to run code here has ended. Ask an administrator if you need it.'),
};

/** Why something is ended; one for many, because an error of its own for each costs as much as writing its close frame. */
export function ending(reason: string): AppError {
  return new AppError('ACCESS_ENDED', { detail: reason });
}

/** Asks all questions again. Answers why not when one is refused or the sign-in is over. Never rejects. */
export async function standingOf(
  { judge, clock, localTime }: StandingDeps,
  socket: LiveSocket,
): Promise<Standing | AppError> {
  const { identity, questions } = socket;
  if (identity.expiresAt !== null && identity.expiresAt <= clock.now()) return SIGNED_OUT;
  const time = localTime();
  const asked = questions.map((question) => ({ ...question, time }));
  let verdicts = await unlessItFails(() => judge.ask(asked, identity.roles), []);
  let refused = asked.find((_question, index) => verdicts[index]?.allowed !== true);
  if (refused !== undefined && socket.leads === true && verdicts.at(-1)?.code === 'DENIED_BY_POLICY') {
    const others = asked.filter((question) => question !== refused);
    const above = refused;
    const leads = await unlessItFails(() => judge.leads(above, identity.roles), false);
    if (!leads) return ENDED[above.act];
    if (others.length === 0) return standingAtStart(socket);
    verdicts = await unlessItFails(() => judge.ask(others, identity.roles), []);
    refused = others.find((_question, index) => verdicts[index]?.allowed !== true);
  }
  if (refused !== undefined) return ENDED[refused.act];
  const { stillStands } = socket;
  if (stillStands !== undefined && !(await unlessItFails(stillStands, false))) return CHANGED;
  return {
    until: earliest([identity.expiresAt, ...verdicts.map(({ validUntil }) => validUntil)]),
    rules: [...new Set(verdicts.flatMap(({ rules }) => rules))],
    revision: verdicts.at(-1)?.revision ?? 0,
  };
}

/** A failure to find out counts as no, which is what `no` says. */
async function unlessItFails<Value>(find: () => Soon<Value>, no: Value): Promise<Value> {
  try {
    return await find();
  } catch {
    return no;
  }
}

/** What it was let in by. */
export function standingAtStart({ identity, verdict }: LiveSocket): Standing {
  const { rules, revision } = verdict;
  return { until: earliest([identity.expiresAt, verdict.validUntil]), rules, revision };
}

function earliest(ends: readonly (number | null)[]): number | null {
  const first = Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
  return first === Number.POSITIVE_INFINITY ? null : first;
}
