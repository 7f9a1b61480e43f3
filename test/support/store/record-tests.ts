import { expect } from 'chai';
import type { DecisionPlace } from '../../../src/store/store.ts';
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
    const [kept, ...others] = await context.store.read.decisions.list({}, { limit: 9 });
    expect(kept).to.deep.equal({ ...aDecision('d'), seq: kept?.seq });
    expect(kept?.seq).to.be.a('number');
    expect(others).to.deep.equal([]);
  });

  it('appends many decisions at once and lists them newest first', async () => {
    const entries = Array.from({ length: 1201 }, (_, index) =>
      aDecision(`d${index}`, { at: NOW + Math.floor(index / 2), subject: index % 3 ? 'ada' : 'bob' }),
    );
    await context.store.transaction(({ decisions }) => decisions.append(entries), { relaxed: true });
    await context.store.transaction(({ decisions }) => decisions.append([]), { relaxed: true });
    const { decisions } = context.store.read;
    const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);
    expect(ids(await decisions.list({}, { limit: 3 }))).to.deep.equal(['d1200', 'd1199', 'd1198']);
    expect(ids(await decisions.list({ subject: 'bob', code: 'ALLOWED' }, { limit: 2 }))).to.deep.equal([
      'd1200',
      'd1197',
    ]);
    expect(await decisions.list({ code: 'DENIED_BY_POLICY' }, { limit: 2 })).to.deep.equal([]);
    await context.store.transaction((write) => write.decisions.removeBefore(NOW + 600, 5000), {
      relaxed: true,
    });
    expect(ids(await decisions.list({}, { limit: 9 }))).to.deep.equal(['d1200']);
  });

  it('goes on behind the last decision seen, also among those of one moment, whatever comes meanwhile', async () => {
    // What takes its time is written down late, with the time at which it began.
    const times = [5, 3, 3, 3, 4, 3, 1];
    const entries = times.map((at, index) => aDecision(`d${index}`, { at: NOW + at }));
    await context.store.transaction(({ decisions }) => decisions.append(entries), { relaxed: true });
    const seen: string[] = [];
    let after: DecisionPlace | undefined;
    for (;;) {
      const page = await context.store.read.decisions.list({ subject: 'ada' }, { after, limit: 2 });
      seen.push(...page.map(({ id }) => id));
      after = page.at(-1);
      if (after === undefined) break;
      const late = aDecision(`late${seen.length}`, { at: NOW + 6 });
      await context.store.transaction(({ decisions }) => decisions.append([late]), { relaxed: true });
    }
    expect(seen).to.deep.equal(['d0', 'd4', 'd5', 'd3', 'd2', 'd1', 'd6']);
    const beyond = { at: NOW + 3, seq: 999_999_999_999_999 };
    const [first] = await context.store.read.decisions.list({}, { after: beyond, limit: 1 });
    expect(first?.id).to.equal('d5');
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
