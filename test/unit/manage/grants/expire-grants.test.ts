import { expect } from 'chai';
import { createDecider } from '../../../../src/decide/create-decider.ts';
import { expireGrants } from '../../../../src/manage/grants/expire-grants.ts';
import { followClock } from '../../../../src/manage/grants/follow-clock.ts';
import { grantRole } from '../../../../src/manage/grants/grant-role.ts';
import { addUser } from '../../../../src/manage/users/add-user.ts';
import { eventually } from '../../../support/forward-servers.ts';
import { openManagedGate } from '../../../support/managed-gate.ts';
import type { ManagedGate } from '../../../support/managed-gate.ts';

const HOUR = 3_600_000;

describe('grants that begin and end by the clock', () => {
  let gate: ManagedGate;
  beforeEach(async () => {
    gate = await openManagedGate();
    for (const name of ['bob', 'eve']) await addUser(gate.management, gate.root, { name });
  });
  afterEach(() => gate.close());

  const give = (subject: string, times: { startsAt?: number; expiresAt?: number }) =>
    grantRole(gate.management, gate.root, { subject, role: 'viewer', ...times });
  const audited = async () =>
    (await gate.management.store.read.audit.list({}, { limit: 20 })).filter(({ what }) =>
      /^grant\.(start|end)$/.test(what),
    );
  const mayRead = (name: string): boolean => gate.decide(name, 'read', 'contents', '/a').allowed;

  it('become changes with a revision and an audit entry each', async () => {
    const { management, clock } = gate;
    await give('bob', { expiresAt: clock.now() + HOUR });
    await give('eve', { expiresAt: clock.now() + HOUR });
    clock.tick(HOUR - 1);
    expect((await expireGrants(management)).changed).to.equal(false);
    const before = await gate.revision();
    clock.tick(1);
    const { result, revision } = await expireGrants(management);
    expect(result.ended.map(({ subject }) => subject)).to.deep.equal(['bob', 'eve']);
    expect([revision, management.decider.current.revision]).to.deep.equal([before + 1, before + 1]);
    const entries = await audited();
    expect(entries.map(({ what, target, actor }) => [what, target, actor])).to.have.deep.members([
      ['grant.end', 'bob role:viewer', 'gate:root'],
      ['grant.end', 'eve role:viewer', 'gate:root'],
    ]);
    expect(entries.every((entry) => entry.revision === before + 1)).to.equal(true);
    expect(entries[0]?.before).to.include({ role: 'role:viewer' });
    expect((await expireGrants(management)).changed).to.equal(false);
  });

  it('stay ended when the clock is set back afterwards', async () => {
    const { management, clock } = gate;
    await give('bob', { expiresAt: clock.now() + HOUR });
    clock.tick(HOUR);
    await expireGrants(management);
    clock.tick(-2 * HOUR);
    expect(mayRead('bob')).to.equal(false);
    expect(await management.store.read.grants.findExact('bob', 'role:viewer', '*')).to.equal(undefined);
  });

  it('begin once and stay begun', async () => {
    const { management, clock } = gate;
    await give('bob', { startsAt: clock.now() + HOUR, expiresAt: clock.now() + 2 * HOUR });
    expect(mayRead('bob')).to.equal(false);
    clock.tick(HOUR);
    const { result } = await expireGrants(management);
    expect(result.started).to.have.lengthOf(1);
    expect((await audited()).map(({ what }) => what)).to.deep.equal(['grant.start']);
    clock.tick(-HOUR / 2);
    expect(mayRead('bob')).to.equal(true);
    expect((await expireGrants(management)).changed).to.equal(false);
  });

  it('do not begin by the clock when their start was past already', async () => {
    const { management, clock } = gate;
    const { result } = await give('bob', { startsAt: clock.now() - HOUR });
    expect(result.grant.startsAt).to.equal(null);
    expect((await expireGrants(management)).changed).to.equal(false);
  });

  it('are done by one of several gates only', async () => {
    const { management, clock } = gate;
    await give('bob', { expiresAt: clock.now() + HOUR });
    clock.tick(HOUR);
    const both = await Promise.all([expireGrants(management), expireGrants(management)]);
    expect(both.filter(({ changed }) => changed)).to.have.lengthOf(1);
    expect(await audited()).to.have.lengthOf(1);
  });

  it('are followed at the moment they are due, and caught up with after a restart', async () => {
    const { management } = gate;
    const clock = { now: () => Date.now() };
    const timed = { ...management, clock };
    const decider = createDecider({ clock }, { allowDefaultAllow: false });
    const dueAt = Date.now() + 400;
    await management.store.transaction(async (tx) => {
      await tx.state.bumpRevision();
      for (const [subject, expiresAt] of [
        ['bob', dueAt],
        ['eve', dueAt - HOUR],
      ] as const)
        await tx.grants.insert({
          subject,
          role: 'role:viewer',
          server: '*',
          startsAt: null,
          expiresAt,
          createdAt: 0,
          createdBy: 'x',
        });
    });
    decider.swap(await decider.build((await management.store.read.policy())!));
    management.decider.swap(decider.current);
    const done: { readonly at: number; readonly ended: readonly string[] }[] = [];
    const stop = followClock({
      decider: management.decider,
      clock,
      log: () => undefined,
      async expire() {
        const at = Date.now();
        const { result } = await expireGrants(timed);
        done.push({ at, ended: result.ended.map(({ subject }) => subject) });
      },
    });
    await eventually(() => void expect(done).to.have.lengthOf(2));
    await stop();
    expect(done.map(({ ended }) => ended)).to.deep.equal([['eve'], ['bob']]);
    expect(done[1]?.at).to.be.within(dueAt, dueAt + 900);
  });

  it('are tried again when they could not be recorded', async () => {
    const { management, clock } = gate;
    await give('bob', { expiresAt: clock.now() + HOUR });
    clock.tick(HOUR);
    let tries = 0;
    const begun = performance.now();
    const logged: string[] = [];
    const stop = followClock({
      decider: management.decider,
      clock: { now: () => clock.now() + performance.now() - begun },
      log: (message) => logged.push(message),
      async expire() {
        tries += 1;
        if (tries === 1) throw new Error('the database is gone');
        await expireGrants(management);
      },
    });
    await eventually(async () => void expect(await audited()).to.have.lengthOf(1));
    await stop();
    expect(logged).to.have.lengthOf(1);
    expect(mayRead('bob')).to.equal(false);
  });
});
