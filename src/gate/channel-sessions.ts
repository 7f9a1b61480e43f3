/**
 * Whose a `session_id` on a kernel is. To the Jupyter Server it is the whole identity of a channel socket: a second
 * socket with the same one closes the first and receives what was kept for it, whoever asks.
 */
import { createHmac } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { ChannelUsers, SessionUse } from '../core/objects.ts';

export interface ChannelSessions {
  /**
   * The id to ask upstream with: the same for each use by the same person, another for everybody else, after a restart
   * and on another replica too. Throws `SESSION_ID_TAKEN` when somebody else used it on this kernel first.
   */
  bind(use: SessionUse): Promise<string>;
}

/** `secret` keeps people from working out each other's ids: those that upstream sees never meet, whatever is forgotten. */
export function createChannelSessions(users: ChannelUsers, secret: Buffer): ChannelSessions {
  return {
    async bind(use) {
      const { kernel, sessionId, subject } = use;
      if ((await users.claim(use)) !== subject) throw new AppError('SESSION_ID_TAKEN');
      const mac = createHmac('sha256', secret).update(
        JSON.stringify(['channels', kernel, sessionId, subject]),
      );
      return mac.digest('hex').slice(0, 32);
    },
  };
}
