import { expect } from 'chai';
import type { StoreContext } from '../store-suite.ts';
import { codeOf } from './rejection.ts';
import { aSession, aToken, aUser, NOW } from './samples.ts';

export function accountTests(context: StoreContext): void {
  userTests(context);
  tokenTests(context);
  signInTests(context);
}

function userTests(context: StoreContext): void {
  it('gives back a user exactly as it was stored', async () => {
    const user = aUser('ada', { displayName: 'Ada "Ünïcode" 🙂', active: false, passwordHash: 'scrypt$1' });
    await context.store.transaction(({ users }) => users.insert(user));
    expect(await context.store.read.users.find('ada')).to.deep.equal(user);
    expect(await context.store.read.users.find('bob')).to.equal(undefined);
  });

  it('lists users by name, page after page, in the same order on every database', async () => {
    const names = ['ada', 'b-c', 'b.c', 'bc', 'b@c', 'zoe'];
    await context.store.transaction(async ({ users }) => {
      for (const name of names.toReversed()) await users.insert(aUser(name));
    });
    const first = await context.store.read.users.list({ limit: 4 });
    const second = await context.store.read.users.list({ limit: 4, after: first.at(-1)!.name });
    expect([...first, ...second].map((user) => user.name)).to.deep.equal(names.toSorted());
  });

  it('keeps a removed user as a tombstone: found, but not listed', async () => {
    await context.store.transaction(async ({ users }) => {
      await users.insert(aUser('ada'));
      await users.insert(aUser('bob'));
      await users.update('ada', { active: false, removedAt: NOW });
    });
    expect((await context.store.read.users.list({ limit: 9 })).map((user) => user.name)).to.deep.equal([
      'bob',
    ]);
    expect(await context.store.read.users.find('ada')).to.include({ active: false, removedAt: NOW });
  });

  it('changes only the columns that are named, and none when none is', async () => {
    await context.store.transaction(({ users }) => users.insert(aUser('ada', { passwordHash: 'x' })));
    await context.store.transaction(({ users }) => users.update('ada', { passwordHash: null }));
    await context.store.transaction(({ users }) => users.update('ada', {}));
    expect(await context.store.read.users.find('ada')).to.deep.equal(aUser('ada'));
  });

  it('says NAME_TAKEN when the same name is stored twice', async () => {
    await context.store.transaction(({ users }) => users.insert(aUser('ada')));
    expect(await codeOf(context.store.transaction(({ users }) => users.insert(aUser('ada'))))).to.equal(
      'NAME_TAKEN',
    );
  });
}

function tokenTests(context: StoreContext): void {
  it('finds a token by hash and by id, with its roles', async () => {
    const token = aToken('t1', {
      roles: ['role:viewer'],
      audience: 'admin',
      expiresAt: NOW + 5,
      note: 'laptop',
    });
    await context.store.transaction(({ tokens }) => tokens.insert(token));
    expect(await context.store.read.tokens.findByHash('hash-of-t1')).to.deep.equal(token);
    expect(await context.store.read.tokens.find('t1')).to.deep.equal(token);
    expect(await context.store.read.tokens.findByHash('t1')).to.equal(undefined);
  });

  it('revokes one token or all of a user, and keeps the time of the first revocation', async () => {
    await context.store.transaction(async ({ tokens }) => {
      for (const id of ['t1', 't2']) await tokens.insert(aToken(id));
      await tokens.insert(aToken('t3', { user: 'bob' }));
      await tokens.revoke('t1', NOW);
      await tokens.revokeAll('ada', NOW + 9);
    });
    const ofAda = await context.store.read.tokens.list('ada');
    expect(ofAda.map((token) => [token.id, token.revokedAt])).to.deep.equal([
      ['t1', NOW],
      ['t2', NOW + 9],
    ]);
    expect((await context.store.read.tokens.list('bob'))[0]?.revokedAt).to.equal(null);
  });
}

function signInTests(context: StoreContext): void {
  it('removes sessions one by one and of a user', async () => {
    await context.store.transaction(async ({ sessions }) => {
      await sessions.insert(aSession('a'));
      await sessions.insert(aSession('b', { expiresAt: NOW + 5000, tokenId: 't1' }));
      await sessions.insert(aSession('c', { user: 'bob', expiresAt: NOW + 5000 }));
      await sessions.insert(aSession('d', { user: 'cleo', expiresAt: NOW + 5000 }));
      await sessions.remove('d');
      await sessions.remove('a');
    });
    const { sessions } = context.store.read;
    expect(await sessions.findByHash('a')).to.equal(undefined);
    expect(await sessions.findByHash('d')).to.equal(undefined);
    expect(await sessions.findByHash('b')).to.deep.equal(
      aSession('b', { expiresAt: NOW + 5000, tokenId: 't1' }),
    );
    await context.store.transaction((write) => write.sessions.removeAll('ada'));
    expect(await sessions.findByHash('b')).to.equal(undefined);
    expect((await sessions.findByHash('c'))?.user).to.equal('bob');
  });

  it('finds what has ended and was not recorded, and removes links that have ended', async () => {
    const { store } = context;
    const link = { user: 'ada', createdAt: NOW, expiresAt: NOW, usedAt: null };
    const due = () => store.read.endings.isDue(NOW);
    expect(await due()).to.equal(false);
    await store.transaction(async ({ sessions, tokens, links }) => {
      await sessions.insert(aSession('lasting'));
      await tokens.insert(aToken('lasting', { expiresAt: NOW + 1 }));
      await tokens.insert(aToken('endless'));
      await tokens.insert(aToken('revoked', { expiresAt: NOW, revokedAt: NOW - 1 }));
      await links.insert({ ...link, hash: 'lasting', expiresAt: NOW + 1 });
    });
    expect(await due()).to.equal(false);
    await store.transaction(({ links }) => links.insert({ ...link, hash: 'ended' }));
    expect(await due()).to.equal(true);
    await store.transaction(({ endings }) => endings.removeLinks(NOW));
    expect(await due()).to.equal(false);
    expect(await store.read.links.find('ended')).to.equal(undefined);
    expect(await store.read.links.find('lasting')).to.not.equal(undefined);
    await store.transaction(async ({ sessions, tokens }) => {
      await sessions.insert(aSession('ended', { expiresAt: NOW }));
      await tokens.insert(aToken('ended', { expiresAt: NOW - 1 }));
    });
    expect(await due()).to.equal(true);
    const { endings } = store.read;
    expect((await endings.sessions(NOW, 9)).map(({ hash }) => hash)).to.deep.equal(['ended']);
    expect((await endings.tokens(NOW, 9)).map(({ id }) => id)).to.deep.equal(['ended']);
  });

  it('lets a sign-in link be used once, however many try at the same time', async () => {
    const link = { hash: 'h', user: 'ada', createdAt: NOW, expiresAt: NOW + 1, usedAt: null };
    await context.store.transaction(({ links }) => links.insert(link));
    const attempts = Array.from({ length: 8 }, () =>
      context.store.transaction(({ links }) => links.consume('h', NOW)),
    );
    const results = await Promise.all(attempts);
    expect(results.filter(Boolean)).to.have.length(1);
    expect((await context.store.read.links.find('h'))?.usedAt).to.equal(NOW);
    await context.store.transaction(({ links }) => links.removeAll('ada'));
    expect(await context.store.read.links.find('h')).to.equal(undefined);
  });
}
