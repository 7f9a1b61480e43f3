/** What people sign in with and be invited by, once its time is over and nobody has written that down yet. */
import { IsNull, LessThanOrEqual } from 'typeorm';
import { linkEntity, sessionEntity, tokenEntity } from '../entities/accounts.ts';
import { invitationEntity } from '../entities/invitations.ts';
import type { Session } from '../session.ts';
import type { Endings } from '../store.ts';

export function createEndings(session: Session): Endings {
  return {
    // One statement over four indexes: it is asked each second.
    async isDue(now) {
      const rows = await session.read(
        (manager) => manager.sql<unknown[]>`SELECT 1 AS due WHERE
          EXISTS (SELECT 1 FROM gate_sessions WHERE expires_at <= ${now})
          OR EXISTS (SELECT 1 FROM gate_tokens WHERE revoked_at IS NULL AND expires_at <= ${now})
          OR EXISTS (SELECT 1 FROM gate_links WHERE expires_at <= ${now})
          OR EXISTS (SELECT 1 FROM gate_invitations
            WHERE ended_at IS NULL AND revoked_at IS NULL AND expires_at <= ${now})`,
      );
      return rows.length > 0;
    },
    sessions: (now, limit) =>
      session.read((manager) =>
        manager.find(sessionEntity, { where: { expiresAt: LessThanOrEqual(now) }, take: limit }),
      ),
    tokens: (now, limit) =>
      session.read((manager) =>
        manager.find(tokenEntity, {
          where: { expiresAt: LessThanOrEqual(now), revokedAt: IsNull() },
          take: limit,
        }),
      ),
    invitations: (now, limit) =>
      session.read((manager) =>
        manager.find(invitationEntity, {
          where: { expiresAt: LessThanOrEqual(now), endedAt: IsNull(), revokedAt: IsNull() },
          take: limit,
        }),
      ),
    async removeLinks(now) {
      await session.write((manager) => manager.delete(linkEntity, { expiresAt: LessThanOrEqual(now) }));
    },
  };
}
