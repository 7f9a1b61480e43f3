import { expect } from 'chai';
import { canonicalPath } from '../../../src/core/canonical-path.ts';
import type { StoreContext } from '../store-suite.ts';

const DAY = 86_400_000;
const NOTEBOOK = canonicalPath('/a.ipynb');

export function objectTests(context: StoreContext): void {
  it('remembers who started what, across a restart', async () => {
    const { objects } = context.store;
    await objects.record({ kind: 'kernel', id: 'k1', owner: 'ada', path: NOTEBOOK, kernelId: null });
    await objects.record({ kind: 'session', id: 's1', owner: 'ada', path: NOTEBOOK, kernelId: 'k1' });
    expect(objects.lookup('kernel', 'k1')).to.include({ owner: 'ada', path: '/a.ipynb', server: 'default' });
    expect(objects.lookup('session', 'k1')).to.equal(undefined);
    const before = objects.lookup('session', 's1');
    const again = await context.reopen();
    expect(again.objects.lookup('session', 's1')).to.deep.equal(before);
    expect(again.objects.ownedBy('ada', 'session').map(({ id }) => id)).to.deep.equal(['s1']);
    expect(again.objects.ownedBy('bob', 'session')).to.deep.equal([]);
  });

  it('changes path and kernel of what it knows, and nothing else', async () => {
    const { objects } = context.store;
    await objects.record({ kind: 'session', id: 's1', owner: 'ada', path: '', kernelId: null });
    await objects.update({ kind: 'session', id: 's1' }, { path: NOTEBOOK });
    await objects.update({ kind: 'session', id: 's1' }, { kernelId: 'k2' });
    await objects.update({ kind: 'session', id: 's2' }, { kernelId: 'k2' });
    expect(objects.lookup('session', 's1')).to.include({ path: '/a.ipynb', kernelId: 'k2', owner: 'ada' });
    const again = await context.reopen();
    expect(again.objects.lookup('session', 's1')).to.include({
      path: '/a.ipynb',
      kernelId: 'k2',
      owner: 'ada',
    });
    expect(again.objects.lookup('session', 's2')).to.equal(undefined);
  });

  it('gives an id that is used again to its new owner, and forgets what is gone', async () => {
    const { objects } = context.store;
    await objects.record({ kind: 'terminal', id: '1', owner: 'ada', path: '', kernelId: null });
    await objects.record({ kind: 'terminal', id: '1', owner: 'bob', path: '', kernelId: null });
    await objects.record({ kind: 'terminal', id: '2', owner: 'ada', path: '', kernelId: null });
    await objects.forget('terminal', '2');
    await objects.forget('terminal', '3');
    expect(objects.lookup('terminal', '1')?.owner).to.equal('bob');
    const again = await context.reopen();
    expect(again.objects.lookup('terminal', '1')?.owner).to.equal('bob');
    expect(again.objects.lookup('terminal', '2')).to.equal(undefined);
  });

  it('gives a session_id to the first who uses it on a kernel, and to one of two who come at once', async () => {
    const use = { kernel: 'k', sessionId: 's', subject: 'ada' };
    expect(await context.store.channelUsers.claim(use)).to.equal('ada');
    const { channelUsers } = await context.reopen();
    expect(await channelUsers.claim({ ...use, subject: 'bob' })).to.equal('ada');
    expect(await channelUsers.claim(use)).to.equal('ada');
    expect(await channelUsers.claim({ ...use, subject: 'bob', kernel: 'other' })).to.equal('bob');
    const both = ['ada', 'bob'].map((subject) => channelUsers.claim({ ...use, sessionId: 't', subject }));
    const [first, second] = await Promise.all(both);
    expect([first === second, first]).to.deep.equal([
      true,
      await channelUsers.claim({ ...use, sessionId: 't' }),
    ]);
  });

  it('forgets a session_id with its kernel, when nobody used it for 30 days, and for newer ones of the same person', async () => {
    const use = { kernel: 'k', sessionId: 's', subject: 'ada' };
    const { channelUsers, objects } = context.store;
    await objects.record({ kind: 'kernel', id: 'k', owner: 'ada', path: '', kernelId: null });
    await channelUsers.claim(use);
    await objects.forget('kernel', 'k');
    expect(await channelUsers.claim({ ...use, subject: 'bob' })).to.equal('bob');
    let ahead = 0;
    const later = (await context.reopen({ now: () => Date.now() + ahead })).channelUsers;
    ahead = 29 * DAY;
    expect(await later.claim({ ...use, subject: 'bob' })).to.equal('bob');
    ahead = 58 * DAY;
    await later.claim({ ...use, kernel: 'other' });
    expect(await later.claim(use)).to.equal('bob');
    ahead = 60 * DAY;
    await later.claim({ ...use, kernel: 'another' });
    expect(await later.claim(use)).to.equal('ada');
    for (let made = 0; made < 256; made++) {
      ahead += 1;
      await later.claim({ ...use, kernel: 'other', sessionId: `more-${made}` });
    }
    expect(await later.claim({ ...use, kernel: 'other', subject: 'bob' })).to.equal('bob');
    expect(await later.claim({ ...use, kernel: 'another', subject: 'bob' })).to.equal('ada');
  });

  it('keeps documents for each person, kind and name', async () => {
    const { documents } = context.store;
    await documents.put('ada', 'settings', 'theme', '{"old":1}');
    await documents.put('ada', 'settings', 'theme', '{"dark":true} ü');
    await documents.put('ada', 'workspace', 'theme', 'w');
    await documents.put('bob', 'settings', 'theme', 'b');
    expect(await documents.get('ada', 'settings', 'theme')).to.equal('{"dark":true} ü');
    expect(await documents.get('cleo', 'settings', 'theme')).to.equal(undefined);
    const list = await documents.list('ada', 'settings');
    expect(list.map(({ name, body }) => [name, body])).to.deep.equal([['theme', '{"dark":true} ü']]);
    expect(list[0]?.updatedAt).to.be.a('number').above(0);
    expect(await documents.remove('ada', 'settings', 'theme')).to.equal(true);
    expect(await documents.remove('ada', 'settings', 'theme')).to.equal(false);
    const again = await context.reopen();
    expect(await again.documents.get('ada', 'workspace', 'theme')).to.equal('w');
    expect(await again.documents.get('bob', 'settings', 'theme')).to.equal('b');
  });
}
