/**
 * Holds what is open and asks again when the policy, the credentials or the clock moved: what has lost its right is
 * closed. Long-lived connections would otherwise outlive the decision they were opened with.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveConnection, LiveConnections, LiveSocket, LiveSockets } from '../core/live-socket.ts';
import { AppError } from '../core/errors.ts';
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

/** A watch over nothing yet; asks again on each new snapshot and at the moment an answer ends by the clock. */
export function createWatch(deps: WatchDeps): Watch {
  const { decider, authenticator, clock, intervalMs } = deps;
  const open = new Map<LiveSocket, Standing>();
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  let nextLook = Number.POSITIVE_INFINITY;

  function end(socket: LiveSocket, why: AppError): void {
    if (open.delete(socket)) socket.close(why);
  }

  /** Several may be under way for one: the last that was begun knows best. */
  async function ask(socket: LiveSocket): Promise<void> {
    const before = open.get(socket);
    if (before === undefined) return;
    const asking: Standing = { ...before, until: null };
    open.set(socket, asking);
    const standing = await standingOf(deps, socket);
    if (open.get(socket) !== asking) return;
    if (standing instanceof AppError) end(socket, standing);
    else {
      open.set(socket, standing);
      if (standing.until !== null && standing.until < nextLook) arm();
    }
  }

  function confirm(sockets: Iterable<LiveSocket>): Promise<void> {
    return confirmSignIns(authenticator, sockets, (socket) => end(socket, SIGNED_OUT));
  }

  /** Asks until nothing changes any more while it is asked. */
  async function settle(socket: LiveSocket): Promise<void> {
    for (let asked = -1; asked !== turn && open.has(socket);) {
      asked = turn;
      await Promise.all([ask(socket), confirm([socket])]);
    }
  }

  function look(): void {
    const now = clock.now();
    for (const [socket, { until }] of open) if (until !== null && until <= now) void ask(socket);
    arm();
  }

  function arm(): void {
    clearTimeout(timer);
    const now = clock.now();
    let next = now + intervalMs;
    for (const { until } of open.values()) if (until !== null && until < next) next = until;
    nextLook = next;
    timer = setTimeout(look, Math.max(0, next - now));
    timer.unref();
  }

  const stopListening = decider.onSwap(() => {
    turn += 1;
    for (const socket of open.keys()) void ask(socket);
  });
  arm();

  return {
    get turn() {
      return turn;
    },
    add(socket) {
      const standing = standingAtStart(socket);
      open.set(socket, standing);
      const isOld = socket.turn !== turn || (standing.until !== null && standing.until <= clock.now());
      // What a socket rests on beside the questions it was let in by may end by the clock.
      if (!isOld && socket.kind === 'socket') void ask(socket);
      return { settled: isOld ? settle(socket) : undefined, release: () => void open.delete(socket) };
    },
    async recheck() {
      turn += 1;
      // What a new policy has just ended is told so first.
      await nextTurn();
      await confirm(open.keys());
      for (const socket of open.keys()) void ask(socket);
    },
    list: () => [...open].map(([socket, standing]) => shown(socket, standing)),
    close(ids, reason) {
      const chosen = [...open.keys()].filter(({ id }) => ids.has(id));
      const why = ending(reason);
      for (const socket of chosen) end(socket, why);
      return chosen.length;
    },
    get size() {
      let sockets = 0;
      for (const { kind } of open.keys()) if (kind === 'socket') sockets += 1;
      return sockets;
    },
    stop() {
      stopListening();
      clearTimeout(timer);
    },
  };
}

function shown(socket: LiveSocket, { until, rules, revision }: Standing): LiveConnection {
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
