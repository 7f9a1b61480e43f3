/**
 * Holds the live sockets and asks again when the policy, the credentials or the clock moved: a socket whose right ended
 * is closed. Long-lived connections would otherwise outlive the decision they were opened with.
 */
import type { Clock } from '../core/clock.ts';
import type { LiveSocket, LiveSockets } from '../core/live-socket.ts';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { Decider } from '../decide/decider.ts';

export interface Watch extends LiveSockets {
  /** Asks about every socket again: called when the credentials changed. */
  recheck(): Promise<void>;
  readonly size: number;
  stop(): void;
}

export interface WatchDeps {
  readonly decider: Decider;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  /** The time questions carry, in the configured zone. */
  readonly localTime: () => string;
  /** How often answers that rest on time are asked again, milliseconds. */
  readonly intervalMs: number;
}

/** A watch over no sockets yet; rechecks on each new snapshot and, for what rests on time, at an interval. */
export function createWatch({ decider, authenticator, clock, localTime, intervalMs }: WatchDeps): Watch {
  const sockets = new Map<LiveSocket, number | null>();

  /** When the answer must be asked again, or `undefined` when the right has ended. */
  function stillAllowed(socket: LiveSocket): number | null | undefined {
    let until: number | null = socket.identity.expiresAt;
    if (until !== null && until <= clock.now()) return undefined;
    for (const question of socket.questions) {
      const verdict = decider.current.decide({ ...question, time: localTime() }, socket.identity.roles);
      if (!verdict.allowed) return undefined;
      if (verdict.validUntil !== null) until = Math.min(until ?? Infinity, verdict.validUntil);
    }
    if (socket.stillStands?.() === false) return undefined;
    return until;
  }

  function ask(socket: LiveSocket): void {
    const until = stillAllowed(socket);
    if (until === undefined) socket.close();
    else if (sockets.has(socket)) sockets.set(socket, until);
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
      if (await sameIdentity(socket)) ask(socket);
      else socket.close();
    }
  }

  const stopListening = decider.onSwap(() => {
    for (const socket of sockets.keys()) ask(socket);
  });
  const timer = setInterval(() => {
    for (const [socket, until] of sockets) if (until !== null && until <= clock.now()) ask(socket);
  }, intervalMs);
  timer.unref();

  return {
    add(socket) {
      sockets.set(socket, null);
      ask(socket);
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
