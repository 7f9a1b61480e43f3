import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { AppError } from '../../../src/core/errors.ts';
import type { Repositories } from '../../../src/store/store.ts';
import type { StoreContext } from '../store-suite.ts';
import { codeOf, rejection } from './rejection.ts';
import { aDecision, aRule, aUser } from './samples.ts';

export function transactionTests(context: StoreContext): void {
  isolationTests(context);
  failureTests(context);
  endTests(context);
}

function isolationTests(context: StoreContext): void {
  it('keeps every acknowledged one of 50 transactions at once, and nothing of those that failed', async () => {
    const { store } = context;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        store.transaction(
          async (write) => {
            await write.users.insert(aUser(`u${index}`));
            if (index % 4 === 0) await sleep(1);
            await write.state.bumpRevision();
            await write.users.update(`u${index}`, { displayName: `after ${index}` });
            if (index % 3 === 0) throw new AppError('LAST_ADMIN');
          },
          { relaxed: index % 5 === 0 },
        ),
      ),
    );
    const kept = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [`u${index}`] : []));
    const stored = await store.read.users.list({ limit: 99 });
    expect(kept).to.have.length(33);
    expect(stored.map(({ name }) => name)).to.have.members(kept);
    expect(stored.every(({ displayName }) => displayName.startsWith('after'))).to.equal(true);
    expect((await store.read.state.counters()).revision).to.equal(33);
  });

  it('keeps objects, documents and decisions written beside a transaction that rolls back', async () => {
    const { store } = context;
    const failing = store.transaction(async (write) => {
      await write.users.insert(aUser('ada'));
      await sleep(30);
      throw new AppError('LAST_ADMIN');
    });
    await Promise.all([
      store.objects.record({ kind: 'kernel', id: 'k', owner: 'ada', path: '', kernelId: null }),
      store.documents.put('ada', 'config', 'notebook', '{}'),
      store.transaction((write) => write.decisions.append([aDecision('d')]), { relaxed: true }),
      codeOf(failing),
    ]);
    const again = await context.reopen();
    expect(again.objects.lookup('kernel', 'k')?.owner).to.equal('ada');
    expect(await again.documents.get('ada', 'config', 'notebook')).to.equal('{}');
    expect(await again.read.decisions.list({}, { limit: 9 })).to.have.length(1);
    expect(await again.read.users.find('ada')).to.equal(undefined);
  });

  it('shows uncommitted rows to the transaction and to nobody else', async () => {
    const { store } = context;
    await store.transaction(async (write) => {
      await write.users.insert(aUser('ada'));
      await write.state.bumpRevision();
      expect(await write.users.find('ada')).to.not.equal(undefined);
      expect(await store.read.users.find('ada')).to.equal(undefined);
      expect((await store.read.state.counters()).revision).to.equal(0);
    });
    expect(await store.read.users.find('ada')).to.not.equal(undefined);
  });

  it('lets no write come between a check and the write that rests on it', async () => {
    const { store } = context;
    const claim = (name: string): Promise<boolean> =>
      store.transaction(async (write) => {
        if (await write.state.value('leader')) return false;
        await sleep(5);
        await write.state.setValue('leader', name);
        return true;
      });
    const won = await Promise.all(['a', 'b', 'c', 'd'].map(claim));
    expect(won.filter(Boolean)).to.have.length(1);
  });

  it('runs statements in order even when the work does not wait for each', async () => {
    const { store } = context;
    await store.transaction(async ({ users }) => {
      await Promise.all(['a', 'b', 'c'].map((name) => users.insert(aUser(name))));
    });
    expect(await store.read.users.list({ limit: 9 })).to.have.length(3);
  });
}

function failureTests(context: StoreContext): void {
  it('passes on what the work throws, unchanged', async () => {
    const refusal = new AppError('LAST_ADMIN');
    const mistake = new RangeError('a defect');
    const { store } = context;
    expect(await rejection(store.transaction(() => Promise.reject(refusal)))).to.equal(refusal);
    expect(await rejection(store.transaction(() => Promise.reject(mistake)))).to.equal(mistake);
  });

  it('commits nothing after a statement failed, even when the work goes on', async () => {
    const { store } = context;
    const work = store.transaction(async (write) => {
      await write.rules.insert(aRule({ sub: 'a' }));
      await write.rules.insertMany([aRule({ sub: 'a' })]).catch(() => undefined);
      await write.users.insert(aUser('ada')).catch(() => undefined);
    });
    expect(await codeOf(work)).to.equal('RULE_EXISTS');
    expect(await store.read.rules.list({}, { limit: 9 })).to.deep.equal([]);
    expect(await store.read.users.find('ada')).to.equal(undefined);
    await store.transaction((write) => write.users.insert(aUser('ada')));
  });

  it('keeps values that go into the database out of the error', async () => {
    const { store } = context;
    const user = aUser('ada', { passwordHash: 'scrypt-secret' });
    await store.transaction((write) => write.users.insert(user));
    const error = await rejection(store.transaction((write) => write.users.insert(user)));
    const text = JSON.stringify(error, [
      ...Object.getOwnPropertyNames(error),
      'cause',
      'parameters',
      'message',
      'detail',
    ]);
    expect(text).not.to.include('scrypt-secret');
  });

  it('refuses a transaction, an object or a document inside a transaction instead of waiting for ever', async () => {
    const { store } = context;
    const nested = [
      () => store.transaction(async () => undefined),
      () => store.documents.put('ada', 'settings', 'x', '{}'),
      () => store.objects.record({ kind: 'kernel', id: 'k', owner: 'ada', path: '', kernelId: null }),
    ];
    for (const inner of nested) {
      expect(await rejection(store.transaction(() => inner()))).to.be.instanceOf(TypeError);
    }
    expect(store.objects.lookup('kernel', 'k')).to.equal(undefined);
  });

  it('lets what a transaction left behind start its own later', async () => {
    const { store } = context;
    let later: Promise<void> | undefined;
    await store.transaction(async (write) => {
      await write.users.insert(aUser('ada'));
      later = sleep(50).then(() => store.transaction(({ users }) => users.insert(aUser('bob'))));
    });
    await later;
    expect(await store.read.users.list({ limit: 9 })).to.have.length(2);
  });

  it('refuses to write through the reads, and through repositories of a transaction that ended', async () => {
    const { store } = context;
    expect(await rejection(store.read.users.insert(aUser('ada')))).to.be.instanceOf(TypeError);
    expect(await rejection(store.read.state.bumpRevision())).to.be.instanceOf(TypeError);
    let leaked: Repositories | undefined;
    await store.transaction(async (write) => {
      leaked = write;
    });
    expect(await rejection(leaked!.users.insert(aUser('ada')))).to.be.instanceOf(TypeError);
    expect(await store.read.users.find('ada')).to.equal(undefined);
  });
}

function endTests(context: StoreContext): void {
  it('keeps what was committed when it is closed and opened again', async () => {
    await context.store.transaction(async (write) => {
      await write.users.insert(aUser('ada'));
      await write.state.bumpRevision();
    });
    const again = await context.reopen();
    expect(await again.read.users.find('ada')).to.deep.equal(aUser('ada'));
    expect((await again.read.state.counters()).revision).to.equal(1);
  });

  it('finishes what was begun before it closes, and refuses what comes after', async () => {
    const { store } = context;
    const begun = ['a', 'b', 'c'].map((name) =>
      store.transaction(async ({ users }) => {
        await sleep(5);
        await users.insert(aUser(name));
      }),
    );
    const closing = store.close();
    expect(await codeOf(store.transaction(async () => undefined))).to.equal('STORE_UNAVAILABLE');
    await Promise.all([...begun, closing]);
    const again = await context.reopen();
    expect(await again.read.users.list({ limit: 9 })).to.have.length(3);
  });
}
