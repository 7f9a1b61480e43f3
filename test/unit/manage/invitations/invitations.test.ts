import { expect } from 'chai';
import { createPasswords } from '../../../../src/authenticate/passwords.ts';
import type { Actor } from '../../../../src/manage/actor.ts';
import { grantRole } from '../../../../src/manage/grants/grant-role.ts';
import { ungrantRole } from '../../../../src/manage/grants/ungrant-role.ts';
import { acceptInvitation, previewInvitation } from '../../../../src/manage/invitations/accept-invitation.ts';
import type { Guest, InvitationDeps } from '../../../../src/manage/invitations/accept-invitation.ts';
import { createInvitation } from '../../../../src/manage/invitations/create-invitation.ts';
import type { NewInvitation } from '../../../../src/manage/invitations/create-invitation.ts';
import { displayNameOf, nameFor } from '../../../../src/manage/invitations/invited-name.ts';
import { listInvitations } from '../../../../src/manage/invitations/list-invitations.ts';
import { revokeInvitation } from '../../../../src/manage/invitations/revoke-invitation.ts';
import { removeRole } from '../../../../src/manage/roles/remove-role.ts';
import { createSignInAttempts } from '../../../../src/manage/sign-in/create-sign-in-attempts.ts';
import { addUser } from '../../../../src/manage/users/add-user.ts';
import { changeUser } from '../../../../src/manage/users/change-user.ts';
import { codeOf, openManagedGate } from '../../../support/managed-gate.ts';
import type { ManagedGate } from '../../../support/managed-gate.ts';

const HOUR = 3_600_000;

describe('invitations', () => {
  let gate: ManagedGate;
  let deps: InvitationDeps;
  beforeEach(async () => {
    gate = await openManagedGate();
    const { management, clock } = gate;
    deps = {
      management,
      signIn: {
        store: management.store,
        clock,
        refusals: { add: () => {} },
        passwords: createPasswords(),
        attempts: createSignInAttempts(clock),
        sessionLifetime: HOUR,
        linkLifetime: HOUR,
        forget: () => undefined,
      },
    };
  });
  afterEach(() => gate.close());

  const invite = async (change: Partial<NewInvitation> = {}, actor: Actor = gate.root) => {
    const input = { role: 'temporary', expiresAt: gate.clock.now() + 2 * HOUR, ...change };
    return (await createInvitation(gate.management, actor, input)).result;
  };
  const accept = (code: string, guest: Guest = { displayName: 'Ada Lovelace' }) =>
    acceptInvitation(deps, { code, address: '192.0.2.1', guest });
  const refused = (code: string, guest?: Guest) => codeOf(accept(code, guest));
  const may = (sub: string, path: string, act: 'read' | 'write' = 'read'): boolean =>
    gate.decide(sub, act, 'contents', path).allowed;

  it('let somebody new in under the name they choose, until the invitation ends', async () => {
    const { code, invitation } = await invite();
    const { user, session } = await accept(code);
    expect(user).to.match(/^ada-lovelace-[0-9a-f]{6}$/);
    expect(session).to.include({ displayName: 'Ada Lovelace', expiresAt: invitation.expiresAt });
    expect([may(user, '/a.ipynb'), may(user, '/a.ipynb', 'write')]).to.deep.equal([true, false]);
    expect(gate.management.decider.current.rolesOf(user, 'default')).to.include('role:temporary');
    gate.clock.tick(2 * HOUR);
    expect(may(user, '/a.ipynb')).to.equal(false);
  });

  it('are kept as a hash, with 256 random bits in the link, and are in the audit without it', async () => {
    const { code, invitation } = await invite();
    expect(Buffer.from(code, 'base64url')).to.have.lengthOf(32);
    await accept(code);
    const entries = await gate.management.store.read.audit.list({}, { limit: 10 });
    expect(entries.map(({ what, target }) => [what, target])).to.deep.include.members([
      ['invitation.create', invitation.id],
      ['invitation.accept', invitation.id],
    ]);
    const shown = await listInvitations(gate.management, { limit: 10 });
    for (const text of [JSON.stringify(entries), JSON.stringify(shown)])
      expect(text).not.to.contain(code).and.not.to.contain(invitation.hash);
  });

  it('are not used up by being looked at', async () => {
    const { code } = await invite({ uses: 1 });
    for (let count = 0; count < 5; count++) await previewInvitation(deps, { code, address: '192.0.2.1' });
    await accept(code);
    expect(await refused(code)).to.equal('INVITATION_INVALID');
  });

  it('are used up by as many as were named, also when all come at once', async () => {
    const { code } = await invite({ uses: 3 });
    const all = await Promise.all(Array.from({ length: 8 }, () => refused(code)));
    expect(all.filter((one) => one === 'no refusal')).to.have.lengthOf(3);
    const [shown] = (await listInvitations(gate.management, { limit: 10 })).items;
    expect([shown?.used, shown?.users.length]).to.deep.equal([3, 3]);
  });

  it('count somebody who accepts twice once', async () => {
    await addUser(gate.management, gate.root, { name: 'bob' });
    const { code } = await invite({ uses: 1 });
    for (let count = 0; count < 2; count++)
      expect(await accept(code, { user: 'bob' })).to.deep.equal({ user: 'bob', session: undefined });
  });

  it('take away what they gave and nothing else when they are withdrawn', async () => {
    await addUser(gate.management, gate.root, { name: 'bob' });
    await grantRole(gate.management, gate.root, { subject: 'bob', role: 'viewer' });
    const first = await invite({ role: 'editor' });
    const second = await invite({ role: 'temporary' });
    await accept(first.code, { user: 'bob' });
    const { user } = await accept(first.code);
    await accept(second.code, { user: 'bob' });
    expect([may('bob', '/a', 'write'), may(user, '/a', 'write')]).to.deep.equal([true, true]);
    const { revision } = await revokeInvitation(gate.management, gate.root, first.invitation.id);
    expect(gate.management.decider.current.revision).to.equal(revision);
    expect([may('bob', '/a'), may('bob', '/a', 'write'), may(user, '/a')]).to.deep.equal([
      true,
      false,
      false,
    ]);
    const { read } = gate.management.store;
    expect((await read.users.find('bob'))?.active).to.equal(true);
    expect((await read.users.find(user))?.active).to.equal(false);
    expect(await read.roles.find(first.invitation.grantedRole)).to.equal(undefined);
    expect(gate.management.decider.current.rolesOf('bob', 'default')).to.include.members([
      'role:viewer',
      second.invitation.grantedRole,
    ]);
    expect(await refused(first.code)).to.equal('INVITATION_INVALID');
    expect((await revokeInvitation(gate.management, gate.root, first.invitation.id)).changed).to.equal(false);
    expect(await codeOf(revokeInvitation(gate.management, gate.root, 'none'))).to.equal('INVITATION_UNKNOWN');
  });

  it('leave a role that somebody holds without an end as it is', async () => {
    await addUser(gate.management, gate.root, { name: 'bob' });
    await grantRole(gate.management, gate.root, { subject: 'bob', role: 'temporary' });
    await accept((await invite()).code, { user: 'bob' });
    gate.clock.tick(3 * HOUR);
    expect(may('bob', '/a')).to.equal(true);
  });

  it('with a path give the role there alone, and still open everything without a path', async () => {
    const { code } = await invite({ role: 'editor', path: '/lectures/**' });
    const { user } = await accept(code);
    expect([may(user, '/lectures/1.ipynb', 'write'), may(user, '/lectures')]).to.deep.equal([true, true]);
    expect([may(user, '/other.ipynb'), may(user, '/lecturesx', 'write')]).to.deep.equal([false, false]);
    for (const res of ['pages', 'static', 'api', 'kernelspecs', 'settings', 'events'] as const)
      expect(gate.decide(user, 'read', res).allowed, res).to.equal(true);
    const leads = gate.management.decider.current.leads(
      {
        sub: user,
        srv: 'default',
        res: 'contents',
        act: 'read',
        path: '/' as never,
        own: '',
        msg: '',
        cell: '',
        ip: '',
        time: gate.management.localTime(),
      },
      null,
    );
    expect(leads).to.equal(true);
    for (const path of ['lectures', '/a/**/b', '/a//b', ''])
      expect(await codeOf(invite({ path })), path).to.equal(path === '' ? 'no refusal' : 'INPUT_INVALID');
  });

  it('give nothing that their maker does not hold, then or later', async () => {
    await addUser(gate.management, gate.root, { name: 'deputy' });
    await grantRole(gate.management, gate.root, { subject: 'deputy', role: 'viewer' });
    const deputy: Actor = { subject: 'deputy', roles: null, address: '' };
    expect(await codeOf(invite({ role: 'temporary' }, deputy))).to.equal('BEYOND_OWN_RIGHTS');
    expect(await codeOf(invite({ role: 'temporary', path: '/x/**' }, deputy))).to.equal('BEYOND_OWN_RIGHTS');
    for (const path of [undefined, '/lectures/**']) {
      const { code } = await invite({ role: 'viewer', path }, deputy);
      await accept(code);
      await ungrantRole(gate.management, gate.root, { subject: 'deputy', role: 'viewer' });
      expect(await refused(code)).to.equal('INVITATION_INVALID');
      await grantRole(gate.management, gate.root, { subject: 'deputy', role: 'viewer' });
      await changeUser(gate.management, gate.root, { name: 'deputy', active: false });
      expect(await refused(code)).to.equal('INVITATION_INVALID');
      await changeUser(gate.management, gate.root, { name: 'deputy', active: true });
    }
  });

  it('give what their maker holds on one server, for as long as it is held', async () => {
    const { management, root, clock } = gate;
    await addUser(management, root, { name: 'deputy' });
    const held = { subject: 'deputy', role: 'viewer', server: 'default' };
    await grantRole(management, root, held);
    const deputy: Actor = { subject: 'deputy', roles: null, address: '' };
    expect(await codeOf(invite({ role: 'viewer' }, deputy))).to.equal('BEYOND_OWN_RIGHTS');
    const { code } = await invite({ role: 'viewer', server: 'default' }, deputy);
    expect(may((await accept(code)).user, '/a.ipynb')).to.equal(true);
    await grantRole(management, root, { ...held, expiresAt: clock.now() + HOUR });
    expect(await refused(code)).to.equal('INVITATION_INVALID');
    const beyond = { role: 'viewer', server: 'default', expiresAt: clock.now() + 2 * HOUR };
    expect(await codeOf(invite(beyond, deputy))).to.equal('BEYOND_OWN_RIGHTS');
  });

  it('with a path are refused when they are made where their maker holds it for less long', async () => {
    const { management, root, clock } = gate;
    await addUser(management, root, { name: 'deputy' });
    const expiresAt = clock.now() + HOUR;
    await grantRole(management, root, { subject: 'deputy', role: 'viewer', expiresAt });
    const deputy: Actor = { subject: 'deputy', roles: null, address: '' };
    const there = { role: 'viewer', path: '/lectures/**' };
    const beyond = { ...there, expiresAt: expiresAt + 1 };
    expect(await codeOf(invite(beyond, deputy))).to.equal('BEYOND_OWN_RIGHTS');
    const within = await invite({ ...there, expiresAt }, deputy);
    expect(may((await accept(within.code)).user, '/lectures/a.ipynb')).to.equal(true);
  });

  it('are over when their role was removed', async () => {
    const { code, invitation } = await invite();
    await removeRole(gate.management, gate.root, invitation.grantedRole);
    expect(await codeOf(previewInvitation(deps, { code, address: '192.0.2.1' }))).to.equal(
      'INVITATION_INVALID',
    );
    expect(await refused(code)).to.equal('INVITATION_INVALID');
  });

  it('refuse what is over, disabled or guessed', async () => {
    const { code } = await invite();
    expect(await codeOf(invite({ expiresAt: gate.clock.now() }))).to.equal('INPUT_INVALID');
    expect(await codeOf(invite({ role: 'nobody' }))).to.equal('ROLE_UNKNOWN');
    await addUser(gate.management, gate.root, { name: 'bob' });
    await changeUser(gate.management, gate.root, { name: 'bob', active: false });
    expect(await refused(code, { user: 'bob' })).to.equal('DENIED_DISABLED');
    expect(await refused(code, { displayName: ' \u200b\n ' })).to.equal('INPUT_INVALID');
    const guesses = [];
    for (let count = 0; count < 102; count++)
      guesses.push(await codeOf(previewInvitation(deps, { code: `guess${count}`, address: '192.0.2.9' })));
    expect(guesses.at(0)).to.equal('INVITATION_INVALID');
    expect(guesses.at(-1)).to.equal('TOO_MANY_ATTEMPTS');
    gate.clock.tick(2 * HOUR);
    expect(await refused(code)).to.equal('INVITATION_INVALID');
  });

  it('make names that can be read and that hide nothing', () => {
    expect(displayNameOf('  Ada \u202e\u0000 Lovelace ')).to.equal('Ada Lovelace');
    expect(nameFor('Émile du Châtelet', 'ab')).to.equal('emile-du-chatelet-ab');
    expect(nameFor('李雷', 'ab')).to.equal('guest-ab');
    expect(nameFor('x'.repeat(60), 'ab')).to.have.lengthOf(27);
  });
});
