import { expect } from 'chai';
import type { StoreContext } from '../store-suite.ts';
import { aDecision, NOW } from './samples.ts';

export function recordTests(context: StoreContext): void {
  it('lists audit entries newest first, filtered and paged', async () => {
    const entry = { at: NOW, actor: 'admin', address: '::1', what: 'grant.add', target: 'ada', revision: 1 };
    await context.store.transaction(async ({ audit }) => {
      await audit.append({ ...entry, before: null, after: { role: 'role:a', list: [1, 'ü'] } });
      await audit.append({ ...entry, what: 'model.put', before: 'old', after: undefined });
      await audit.append({ ...entry, actor: 'gate:root', before: 1, after: false });
    });
    const { audit } = context.store.read;
    const all = await audit.list({}, { limit: 9 });
    expect(all.map(({ before, after }) => [before, after])).to.deep.equal([
      [1, false],
      ['old', null],
      [null, { role: 'role:a', list: [1, 'ü'] }],
    ]);
    expect(all[2]).to.deep.include(entry);
    expect(await audit.list({ actor: 'admin', what: 'grant.add' }, { limit: 9 })).to.deep.equal([all[2]]);
    expect(await audit.list({ target: 'ada' }, { limit: 9, after: all[0]!.seq })).to.deep.equal(all.slice(1));
  });

  it('gives back a decision exactly as it was recorded', async () => {
    await context.store.transaction(({ decisions }) => decisions.append([aDecision('d')]), { relaxed: true });
    expect(await context.store.read.decisions.list({}, 9)).to.deep.equal([aDecision('d')]);
  });

  it('appends many decisions at once and lists them newest first', async () => {
    const entries = Array.from({ length: 1201 }, (_, index) =>
      aDecision(`d${index}`, { at: NOW + Math.floor(index / 2), subject: index % 3 ? 'ada' : 'bob' }),
    );
    await context.store.transaction(({ decisions }) => decisions.append(entries), { relaxed: true });
    await context.store.transaction(({ decisions }) => decisions.append([]), { relaxed: true });
    const { decisions } = context.store.read;
    const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);
    expect(ids(await decisions.list({}, 3))).to.deep.equal(['d1200', 'd1199', 'd1198']);
    expect(ids(await decisions.list({ subject: 'bob', code: 'ALLOWED' }, 2))).to.deep.equal([
      'd1200',
      'd1197',
    ]);
    expect(await decisions.list({ code: 'DENIED_BY_POLICY' }, 2)).to.deep.equal([]);
    await context.store.transaction((write) => write.decisions.removeBefore(NOW + 600, 5000), {
      relaxed: true,
    });
    expect(ids(await decisions.list({}, 9))).to.deep.equal(['d1200']);
  });

  it('raises the counters one by one and keeps small values', async () => {
    const { state } = context.store.read;
    expect(await state.counters()).to.deep.equal({ revision: 0, credentials: 0 });
    const numbers = await context.store.transaction(async (write) => [
      await write.state.bumpRevision(),
      await write.state.bumpRevision(),
      await write.state.bumpCredentials(),
    ]);
    expect(numbers).to.deep.equal([1, 2, 1]);
    expect(await state.counters()).to.deep.equal({ revision: 2, credentials: 1 });
    expect(await state.value('model.hash')).to.equal(undefined);
    await context.store.transaction((write) => write.state.setValue('model.hash', 'a'));
    await context.store.transaction((write) => write.state.setValue('model.hash', 'b'));
    expect(await state.value('model.hash')).to.equal('b');
  });
}
