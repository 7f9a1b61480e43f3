/** What people sign in with: API tokens, browser sessions, one-time links. Only hashes are stored. */
import { IsNull } from 'typeorm';
import { linkEntity, sessionEntity, tokenEntity } from '../entities/accounts.ts';
import type { Session } from '../session.ts';
import type { Links, Sessions, Tokens } from '../store.ts';

export function createTokens(session: Session): Tokens {
  return {
    async findByHash(hash) {
      return (await session.read((manager) => manager.findOneBy(tokenEntity, { hash }))) ?? undefined;
    },
    async find(id) {
      return (await session.read((manager) => manager.findOneBy(tokenEntity, { id }))) ?? undefined;
    },
    list: (user) =>
      session.read((manager) =>
        manager.find(tokenEntity, { where: { user }, order: { createdAt: 'ASC', id: 'ASC' } }),
      ),
    async insert(token) {
      await session.write((manager) => manager.insert(tokenEntity, token));
    },
    async revoke(id, at) {
      await session.write((manager) =>
        manager.update(tokenEntity, { id, revokedAt: IsNull() }, { revokedAt: at }),
      );
    },
    async revokeAll(user, at) {
      await session.write((manager) =>
        manager.update(tokenEntity, { user, revokedAt: IsNull() }, { revokedAt: at }),
      );
    },
  };
}

export function createSessions(session: Session): Sessions {
  return {
    async findByHash(hash) {
      return (await session.read((manager) => manager.findOneBy(sessionEntity, { hash }))) ?? undefined;
    },
    async insert(row) {
      await session.write((manager) => manager.insert(sessionEntity, row));
    },
    async remove(hash) {
      await session.write((manager) => manager.delete(sessionEntity, { hash }));
    },
    async removeAll(user) {
      await session.write((manager) => manager.delete(sessionEntity, { user }));
    },
  };
}

export function createLinks(session: Session): Links {
  return {
    async find(hash) {
      return (await session.read((manager) => manager.findOneBy(linkEntity, { hash }))) ?? undefined;
    },
    async insert(link) {
      await session.write((manager) => manager.insert(linkEntity, link));
    },
    async consume(hash, at) {
      // one statement decides, so that of two uses at the same moment only one succeeds
      const result = await session.write((manager) =>
        manager.update(linkEntity, { hash, usedAt: IsNull() }, { usedAt: at }),
      );
      return result.affected === 1;
    },
    async removeAll(user) {
      await session.write((manager) => manager.delete(linkEntity, { user }));
    },
  };
}
