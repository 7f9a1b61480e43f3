import { expect } from 'chai';
import { createPasswords } from '../../../../src/authenticate/passwords.ts';
import { hashSecret } from '../../../../src/authenticate/secrets.ts';
import { AppError, asAppError } from '../../../../src/core/errors.ts';
import { gateActor } from '../../../../src/manage/actor.ts';
import { createLink } from '../../../../src/manage/sign-in/create-link.ts';
import { signInWithPassword } from '../../../../src/manage/sign-in/sign-in-with-password.ts';
import { signOut } from '../../../../src/manage/sign-in/sign-out.ts';
import { PASSWORD, startSignInServer } from '../../../support/sign-in/sign-in-server.ts';
import type { SignInServer } from '../../../support/sign-in/sign-in-server.ts';

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => asAppError(error).code,
  );
}

describe('the sign-in use cases', () => {
  let server: SignInServer;

  before(async () => {
    server = await startSignInServer();
    await server.addUser('alice');
    await server.addUser('gone', { removedAt: 1 });
    await server.addUser('off', { active: false });
  });
  after(() => server.close());

  it('make a link that is kept only as a hash, ends when told and is in the audit without its code', async () => {
    const actor = { ...gateActor, subject: 'teacher', address: '192.0.2.1' };
    const link = await createLink(server.useCases, actor, { user: 'Alice', lifetime: 1000 });
    expect(link).to.include({ user: 'alice', expiresAt: server.clock.now() + 1000 });
    expect(await server.store.read.links.find(hashSecret(link.code))).to.include({
      user: 'alice',
      usedAt: null,
    });
    const [entry] = await server.store.read.audit.list({ what: 'link.create' }, { limit: 1 });
    expect(entry).to.include({ actor: 'teacher', address: '192.0.2.1', target: 'alice' });
    expect(entry?.after).to.deep.equal({ expires_at: new Date(link.expiresAt).toISOString() });
    expect(JSON.stringify(entry)).not.to.contain(link.code).and.not.to.contain(hashSecret(link.code));
  });

  for (const [user, code] of [
    ['nobody', 'USER_UNKNOWN'],
    ['gone', 'USER_UNKNOWN'],
    ['off', 'DENIED_DISABLED'],
    ['gate:root', 'NAME_INVALID'],
  ] as const) {
    it(`make no link for \`${user}\`: ${code}`, async () => {
      expect(await codeOf(createLink(server.useCases, gateActor, { user }))).to.equal(code);
    });
  }

  it('do not open a session with a password that is changed while it is checked', async () => {
    const passwords = {
      ...server.useCases.passwords,
      async verify() {
        await server.store.transaction((tx) => tx.users.update('alice', { passwordHash: 'changed' }));
        return true;
      },
    };
    const input = { name: 'alice', password: PASSWORD, address: '192.0.2.1', previous: undefined };
    expect(await codeOf(signInWithPassword({ ...server.useCases, passwords }, input))).to.equal(
      'CREDENTIALS_WRONG',
    );
  });

  it('do not count an attempt that the gate was too busy for', async () => {
    const derive = () => Promise.reject(new AppError('OVERLOADED'));
    const busy = { ...server.useCases, passwords: createPasswords({ derive }) };
    const input = { name: 'alice', password: PASSWORD, address: '192.0.2.2', previous: undefined };
    for (let count = 0; count < 5; count += 1) {
      expect(await codeOf(signInWithPassword(busy, input))).to.equal('OVERLOADED');
    }
  });

  it('take signing out twice for no error', async () => {
    expect(await signOut(server.useCases, { secret: 'unknown', address: '192.0.2.1' })).to.equal(false);
  });
});
