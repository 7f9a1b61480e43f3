import { expect } from 'chai';
import type { Refusal } from '../../../src/core/refusal.ts';
import { createRefusals } from '../../../src/record/create-refusals.ts';
import type { RefusalEntry, RefusalQueue } from '../../../src/record/create-refusals.ts';
import { isRefusal, refusalOf } from '../../../src/record/refusal-of.ts';
import { aDecision } from '../../support/store/samples.ts';

const MINUTE = 60_000;
const OPTIONS = { window: MINUTE, each: 3, all: 20, askers: 10, maxQueue: 50, batch: 7, intervalMs: 5 };

describe('refusals on their way to the audit', () => {
  let now: number;
  let written: RefusalEntry[];
  let largest: number;
  let isAway: boolean;
  let logged: string[];
  let refusals: RefusalQueue;
  beforeEach(() => {
    now = Date.parse('2026-11-22T10:00:00Z');
    written = [];
    largest = 0;
    isAway = false;
    logged = [];
    const say = (_: unknown, message: string): void => void logged.push(message);
    refusals = createRefusals(
      {
        append: async (entries) => {
          if (isAway) throw new Error('the database is away');
          largest = Math.max(largest, entries.length);
          written.push(...entries);
        },
        clock: { now: () => now },
        log: { warn: say, error: say } as never,
      },
      OPTIONS,
    );
  });
  afterEach(() => refusals.close());

  function refuse(change: Partial<Refusal> = {}): void {
    refusals.add({
      at: now,
      subject: 'ada',
      address: '192.0.2.1',
      via: 'proxy',
      what: 'request.refused',
      target: '/a.ipynb',
      code: 'DENIED_BY_POLICY',
      details: { method: 'PUT' },
      ...change,
    });
  }
  const nextMinute = async (): Promise<void> => {
    now += MINUTE;
    const before = written.length;
    while (written.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('are entries with who, what and why', async () => {
    refuse({ revision: 7 });
    await refusals.flush();
    expect(written).to.deep.equal([
      {
        at: now,
        actor: 'ada',
        address: '192.0.2.1',
        via: 'proxy',
        what: 'request.refused',
        target: '/a.ipynb',
        before: null,
        after: { code: 'DENIED_BY_POLICY', method: 'PUT' },
        revision: 7,
      },
    ]);
  });

  it('become one entry that counts, for each asker and minute, when they are a flood', async () => {
    for (let index = 0; index < 1000; index += 1) {
      refuse({ at: now + index, code: index % 4 === 3 ? 'ROUTE_UNKNOWN' : 'DENIED_BY_POLICY' });
    }
    refuse({ subject: 'bob' });
    await refusals.flush();
    expect(written).to.have.lengthOf(4);
    await nextMinute();
    expect(written).to.have.lengthOf(5);
    expect(written[4]).to.deep.include({
      actor: 'ada',
      address: '192.0.2.1',
      target: '',
      what: 'request.refused',
    });
    expect(written[4]?.after).to.deep.equal({
      omitted: 997,
      codes: { DENIED_BY_POLICY: 747, ROUTE_UNKNOWN: 250 },
      since: '2026-11-22T10:00:00.000Z',
      until: '2026-11-22T10:00:00.999Z',
    });
    refuse();
    await refusals.flush();
    expect(written[5]?.after).to.deep.equal({ code: 'DENIED_BY_POLICY', method: 'PUT' });
  });

  it('count guests of one address as one asker, and sign-ins by the account that was tried', async () => {
    for (let index = 0; index < 100; index += 1)
      refuse({ subject: `guest:${index}`, code: 'SIGN_IN_REQUIRED' });
    for (let index = 0; index < 8; index += 1)
      refuse({
        subject: '',
        what: 'session.refused',
        target: index < 4 ? 'ada' : 'bob',
        code: 'CREDENTIALS_WRONG',
      });
    await refusals.close();
    const counted = written.filter(({ after }) => Object.hasOwn(after as object, 'omitted'));
    expect(
      counted.map(({ actor, what, target, after }) => [
        actor,
        what,
        target,
        (after as { omitted: number }).omitted,
      ]),
    ).to.deep.equal([
      ['anonymous', 'request.refused', '', 97],
      ['anonymous', 'session.refused', 'ada', 1],
      ['anonymous', 'session.refused', 'bob', 1],
    ]);
    expect(written).to.have.lengthOf(3 + 6 + 3);
  });

  it('take bounded room, however many askers there are and however long the database is away', async () => {
    isAway = true;
    for (let minute = 0; minute < 3; minute += 1) {
      for (let index = 0; index < 5000; index += 1)
        refuse({ subject: `u${index}`, address: `198.51.100.${index % 250}` });
      now += MINUTE;
      await refusals.flush().catch(() => undefined);
    }
    isAway = false;
    await refusals.close();
    expect(written.length).to.be.at.most(OPTIONS.maxQueue + OPTIONS.askers + 1);
    expect(largest).to.be.at.most(OPTIONS.batch);
    const omitted = written.map(({ after }) => (after as { omitted?: number }).omitted ?? 1);
    expect(omitted.reduce((sum, count) => sum + count, 0)).to.equal(15_000);
    expect(written.filter(({ actor }) => actor === '*').length).to.be.greaterThan(0);
    expect(logged).to.include('refusals wait for the audit');
  });

  it('are those of the gate: not what was allowed, failed or left by the client, and no sign-in twice', () => {
    expect(refusalOf(aDecision('a'))).to.equal(undefined);
    for (const code of ['UPSTREAM_TIMEOUT', 'INTERNAL', 'CLIENT_GONE', 'OVERLOADED'] as const)
      expect(isRefusal(code), code).to.equal(false);
    for (const code of [
      'DENIED_BY_RULE',
      'SIGN_IN_REQUIRED',
      'NOT_FOUND',
      'POLICY_STALE',
      'ACCESS_ENDED',
    ] as const)
      expect(isRefusal(code), code).to.equal(true);
    expect(refusalOf(aDecision('b', { method: 'POST', code: 'CREDENTIALS_WRONG' }))).to.equal(undefined);
    const refused = refusalOf(
      aDecision('c', { code: 'DENIED_BY_POLICY', path: `/${'x'.repeat(9000)}`, revision: 0 }),
    );
    expect(refused?.target).to.have.lengthOf(1024);
    expect(refused?.revision).to.equal(undefined);
    expect(JSON.stringify(refused)).to.contain('"request":"c"');
  });
});
