/**
 * Holds what is open and asks again when the policy, the credentials or the clock moved: what has lost its right is
 * closed. Long-lived connections would otherwise outlive the decision they were opened with.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveConnection, LiveConnections, LiveSocket, LiveSockets } from '../core/live-socket.ts';
import { AppError } from '../core/errors.ts';
import { NOWHERE, Roster } from '../core/roster.ts';
import type { Placed } from '../core/roster.ts';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { Decider } from '../decide/decider.ts';
import { confirmSignIns } from './sign-ins.ts';
import { SIGNED_OUT, ending, standingAtStart, standingOf } from './standing.ts';
import type { Standing, StandingDeps } from './standing.ts';

export interface Watch extends LiveSockets, LiveConnections {
  /** Asks whether every sign-in still holds: called when the credentials changed. */
  recheck(): Promise<void>;
  /** Number of open WebSockets. */
  readonly size: number;
  stop(): void;
}

export interface WatchDeps extends StandingDeps {
  /** Says when the policy changed. */
  readonly decider: Pick<Decider, 'onSwap'>;
  readonly authenticator: Authenticator;
  /** The clock is looked at least this often, milliseconds: it may be moved. */
  readonly intervalMs: number;
}

/** What is open, with the latest answer to it. */
interface Held extends Placed {
  readonly socket: LiveSocket;
  standing: Standing;
}

/** A watch over nothing yet; asks again on each new snapshot and at the moment an answer ends by the clock. */
export function createWatch(deps: WatchDeps): Watch {
  const { decider, authenticator, clock, intervalMs } = deps;
  const open = new Roster<Held>();
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  let nextLook = Number.POSITIVE_INFINITY;

  function end(held: Held, why: AppError): void {
    if (open.leave(held)) held.socket.close(why);
  }

  /** Several may be under way for one: the last that was begun knows best. */
  async function ask(held: Held): Promise<void> {
    if (!open.has(held)) return;
    const asking: Standing = { ...held.standing, until: null };
    held.standing = asking;
    const standing = await standingOf(deps, held.socket);
    if (!open.has(held) || held.standing !== asking) return;
    if (standing instanceof AppError) end(held, standing);
    else {
      held.standing = standing;
      if (standing.until !== null && standing.until < nextLook) arm();
    }
  }

  function confirm(some: readonly Held[]): Promise<void> {
    return confirmSignIns(authenticator, some, (held) => end(held, SIGNED_OUT));
  }

  /** Asks until nothing changes any more while it is asked. */
  async function settle(held: Held): Promise<void> {
    for (let asked = -1; asked !== turn && open.has(held);) {
      asked = turn;
      await Promise.all([ask(held), confirm([held])]);
    }
  }

  function look(): void {
    const now = clock.now();
    for (const held of open.all()) {
      const { until } = held.standing;
      if (until !== null && until <= now) void ask(held);
    }
    arm();
  }

  function arm(): void {
    clearTimeout(timer);
    const now = clock.now();
    let next = now + intervalMs;
    for (const { standing } of open.all())
      if (standing.until !== null && standing.until < next) next = standing.until;
    nextLook = next;
    timer = setTimeout(look, Math.max(0, next - now));
    timer.unref();
  }

  const stopListening = decider.onSwap(() => {
    turn += 1;
    for (const held of open.all()) void ask(held);
  });
  arm();

  return {
    get turn() {
      return turn;
    },
    add(socket) {
      const standing = standingAtStart(socket);
      const held: Held = { socket, standing, place: NOWHERE };
      open.enter(held);
      const isOld = socket.turn !== turn || (standing.until !== null && standing.until <= clock.now());
      // What a socket rests on beside the questions it was let in by may end by the clock.
      if (!isOld && socket.kind === 'socket') void ask(held);
      return { settled: isOld ? settle(held) : undefined, release: () => void open.leave(held) };
    },
    async recheck() {
      turn += 1;
      // What a new policy has just ended is told so first.
      await nextTurn();
      await confirm(open.all());
      for (const held of open.all()) void ask(held);
    },
    list: () =>
      open
        .all()
        .map(shown)
        .toSorted((one, other) => one.since - other.since),
    close(ids, reason) {
      const chosen = open.all().filter(({ socket }) => ids.has(socket.id));
      const why = ending(reason);
      for (const held of chosen) end(held, why);
      return chosen.length;
    },
    get size() {
      let sockets = 0;
      for (const { socket } of open.all()) if (socket.kind === 'socket') sockets += 1;
      return sockets;
    },
    stop() {
      stopListening();
      clearTimeout(timer);
    },
  };
}

function shown({ socket, standing }: Held): LiveConnection {
  const { until, rules, revision } = standing;
  const { id, kind, since, route, address, identity, questions } = socket;
  const [first] = questions;
  return {
    id,
    kind,
    since,
    route,
    address,
    subject: identity.subject,
    displayName: identity.displayName,
    credential: identity.credential,
    credentialId: identity.credentialId,
    act: first?.act ?? '',
    path: first?.path ?? '',
    own: first?.own ?? '',
    res: [...new Set(questions.map(({ res }) => res))],
    rules,
    revision,
    validUntil: until,
  };
}
