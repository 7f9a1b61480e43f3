/** Invitations and who accepted them. Of a link only the hash is stored. */
import { acceptanceEntity, invitationEntity } from '../entities/invitations.ts';
import type { Session } from '../session.ts';
import type { Invitations } from '../store.ts';
import { beyond } from './page.ts';

export function createInvitations(session: Session): Invitations {
  return {
    async find(id) {
      return (await session.read((manager) => manager.findOneBy(invitationEntity, { id }))) ?? undefined;
    },
    async findByHash(hash) {
      return (await session.read((manager) => manager.findOneBy(invitationEntity, { hash }))) ?? undefined;
    },
    list: (page) =>
      session.read((manager) =>
        manager.find(invitationEntity, {
          where: beyond('id', page),
          order: { id: 'ASC' },
          take: page.limit,
        }),
      ),
    async insert(invitation) {
      await session.write((manager) => manager.insert(invitationEntity, invitation));
    },
    async update(id, change) {
      await session.write((manager) => manager.update(invitationEntity, { id }, change));
    },
    acceptances: (invitation) =>
      session.read((manager) =>
        manager.find(acceptanceEntity, {
          where: { invitation },
          order: { acceptedAt: 'ASC', user: 'ASC' },
        }),
      ),
    async accept(acceptance) {
      await session.write((manager) => manager.insert(acceptanceEntity, acceptance));
    },
  };
}
