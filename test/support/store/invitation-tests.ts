import { expect } from 'chai';
import type { InvitationRecord } from '../../../src/store/store.ts';
import type { StoreContext } from '../store-suite.ts';
import { NOW } from './samples.ts';

function anInvitation(id: string, change: Partial<InvitationRecord> = {}): InvitationRecord {
  return {
    id,
    hash: `hash-of-${id}`,
    role: 'role:temporary',
    path: '',
    server: '*',
    grantedRole: `role:invite-${id}`,
    maxUses: null,
    uses: 0,
    createdAt: NOW,
    createdBy: 'admin',
    expiresAt: NOW + 1000,
    revokedAt: null,
    endedAt: null,
    ...change,
  };
}

export function invitationTests(context: StoreContext): void {
  it('gives back an invitation exactly as it was stored, by id and by hash', async () => {
    const invitation = anInvitation('i1', { path: '/lectures/**', maxUses: 30, uses: 2, revokedAt: NOW });
    await context.store.transaction(({ invitations }) => invitations.insert(invitation));
    const { invitations } = context.store.read;
    expect(await invitations.find('i1')).to.deep.equal(invitation);
    expect(await invitations.findByHash('hash-of-i1')).to.deep.equal(invitation);
    expect(await invitations.find('i2')).to.equal(undefined);
    expect(await invitations.findByHash('hash-of-i2')).to.equal(undefined);
  });

  it('changes what is named of an invitation and lists them by id', async () => {
    await context.store.transaction(async ({ invitations }) => {
      for (const id of ['b', 'a', 'c']) await invitations.insert(anInvitation(id));
      await invitations.update('b', { uses: 1, revokedAt: NOW });
    });
    const { invitations } = context.store.read;
    expect((await invitations.list({ limit: 2 })).map(({ id }) => id)).to.deep.equal(['a', 'b']);
    expect((await invitations.list({ limit: 2, after: 'b' })).map(({ id }) => id)).to.deep.equal(['c']);
    expect(await invitations.find('b')).to.deep.equal(anInvitation('b', { uses: 1, revokedAt: NOW }));
  });

  it('keeps who accepted, in their order', async () => {
    const first = { invitation: 'a', user: 'zoe', createdUser: true, acceptedAt: NOW };
    const second = { invitation: 'a', user: 'ada', createdUser: false, acceptedAt: NOW + 1 };
    await context.store.transaction(async ({ invitations }) => {
      await invitations.accept(second);
      await invitations.accept(first);
      await invitations.accept({ ...first, invitation: 'b' });
    });
    expect(await context.store.read.invitations.acceptances('a')).to.deep.equal([first, second]);
  });
}
