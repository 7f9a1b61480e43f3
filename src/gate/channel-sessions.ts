/**
 * Whose a `session_id` on a kernel is. To the Jupyter Server it is the whole identity of a channel socket: a second
 * socket with the same one closes the first and receives what was kept for it, whoever asks.
 */
import { createHmac } from 'node:crypto';
import { AppError } from '../core/errors.ts';

export interface ChannelSessions {
  /**
   * The id to ask upstream with: the same for each use by the same person, another for everybody else, after a restart
   * too. Throws `SESSION_ID_TAKEN` when somebody else is known to use it on this kernel.
   */
  bind(use: SessionUse): string;
}

export interface SessionUse {
  readonly kernel: string;
  readonly sessionId: string;
  readonly subject: string;
}

/** How many are remembered for the refusal; the ids that upstream sees cannot meet however many there are. */
const MOST_REMEMBERED = 20_000;

/** `secret` keeps people from working out each other's ids. */
export function createChannelSessions(secret: Buffer): ChannelSessions {
  const users = new Map<string, string>();
  return {
    bind({ kernel, sessionId, subject }) {
      const key = `${kernel} ${sessionId}`;
      const user = users.get(key);
      if (user !== undefined && user !== subject) throw new AppError('SESSION_ID_TAKEN');
      users.delete(key);
      users.set(key, subject);
      for (const oldest of users.keys()) {
        if (users.size <= MOST_REMEMBERED) break;
        users.delete(oldest);
      }
      const mac = createHmac('sha256', secret).update(
        JSON.stringify(['channels', kernel, sessionId, subject]),
      );
      return mac.digest('hex').slice(0, 32);
    },
  };
}
