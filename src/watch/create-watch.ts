/**
 * Holds the live sockets and asks again when the policy, the credentials or the clock moved: a socket whose right ended
 * is closed. Long-lived connections would otherwise outlive the decision they were opened with.
 */
import type { Clock } from '../core/clock.ts';
import type { LiveSocket, LiveSockets } from '../core/live-socket.ts';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { Judge } from '../core/judge.ts';
import type { Decider } from '../decide/decider.ts';

export interface Watch extends LiveSockets {
  /** Asks about every socket again: called when the credentials changed. */
  recheck(): Promise<void>;
  readonly size: number;
  stop(): void;
}

export interface WatchDeps {
  /** Says when the policy changed. */
  readonly decider: Pick<Decider, 'onSwap'>;
  readonly judge: Judge;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  /** The time questions carry, in the configured zone. */
  readonly localTime: () => string;
  /** How often answers that rest on time are asked again, milliseconds. */
  readonly intervalMs: number;
}

/** A socket's last answer: when it must be asked again; `null` for when something changes, and while it is asked. */
interface Held {
  until: number | null;
}

/** A watch over no sockets yet; rechecks on each new snapshot and, for what rests on time, at an interval. */
export function createWatch({
  decider,
  judge,
  authenticator,
  clock,
  localTime,
  intervalMs,
}: WatchDeps): Watch {
  const sockets = new Map<LiveSocket, Held>();

  /** When the answer must be asked again, or `undefined` when the right has ended. */
  async function stillAllowed({
    identity,
    questions,
    stillStands,
  }: LiveSocket): Promise<number | null | undefined> {
    if (identity.expiresAt !== null && identity.expiresAt <= clock.now()) return undefined;
    const time = localTime();
    const verdicts = await judge.ask(
      questions.map((question) => ({ ...question, time })),
      identity.roles,
    );
    if (verdicts.length < questions.length || !verdicts.every((verdict) => verdict.allowed)) return undefined;
    if (stillStands !== undefined && !(await stillStands())) return undefined;
    const ends = [identity.expiresAt, ...verdicts.map((verdict) => verdict.validUntil)];
    return ends.reduce((first, end) => (end === null ? first : Math.min(first ?? end, end)), null);
  }

  /** Several may be under way for one socket: the last that was begun knows best. */
  async function ask(socket: LiveSocket): Promise<void> {
    const asked: Held = { until: null };
    sockets.set(socket, asked);
    const until = await stillAllowed(socket).catch(() => undefined);
    if (sockets.get(socket) !== asked) return;
    if (until === undefined) socket.close();
    else asked.until = until;
  }

  async function sameIdentity({ headers, queryToken, identity }: LiveSocket): Promise<boolean> {
    try {
      const again = await authenticator.identify({ headers, queryToken, audience: 'proxy', secure: false });
      return again.identity.subject === identity.subject;
    } catch {
      return false;
    }
  }

  async function recheck(): Promise<void> {
    for (const socket of sockets.keys()) {
      if (!(await sameIdentity(socket))) socket.close();
      else if (sockets.has(socket)) void ask(socket);
    }
  }

  const stopListening = decider.onSwap(() => {
    for (const socket of sockets.keys()) void ask(socket);
  });
  const timer = setInterval(() => {
    const now = clock.now();
    for (const [socket, { until }] of sockets) if (until !== null && until <= now) void ask(socket);
  }, intervalMs);
  timer.unref();

  return {
    add(socket) {
      void ask(socket);
      return () => sockets.delete(socket);
    },
    recheck,
    get size() {
      return sockets.size;
    },
    stop() {
      stopListening();
      clearInterval(timer);
    },
  };
}
