import { expect } from 'chai';
import type { Authenticator } from '../../../src/authenticate/authenticator.ts';
import type { Identity } from '../../../src/core/identity.ts';
import type { Judge } from '../../../src/core/judge.ts';
import type { LiveSocket } from '../../../src/core/live-socket.ts';
import type { Question } from '../../../src/core/question.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { createWatch } from '../../../src/watch/create-watch.ts';
import type { Watch } from '../../../src/watch/create-watch.ts';
import { delay, eventually } from '../../support/forward-servers.ts';

type Answer = Pick<Verdict, 'allowed' | 'validUntil'>;
const YES: Answer = { allowed: true, validUntil: null };
const NO: Answer = { allowed: false, validUntil: null };

describe('watching live sockets', () => {
  let now: number;
  let asked: number;
  let led: number;
  let leads: boolean;
  /** What the judge says next; it may take its time. */
  let answer: () => Promise<Answer>;
  let identify: () => Promise<Identity>;
  let swap: () => void;
  let watch: Watch;
  const identity = { subject: 'ada', roles: null, expiresAt: null } as unknown as Identity;

  beforeEach(() => {
    now = 1000;
    asked = 0;
    led = 0;
    leads = true;
    answer = () => Promise.resolve(YES);
    identify = () => Promise.resolve(identity);
    const judge: Judge = {
      ask: async (questions) => {
        asked += 1;
        const said = await answer();
        const code = said.allowed ? 'ALLOWED' : 'DENIED_BY_POLICY';
        return questions.map(() => ({ ...said, code, rules: [], grants: [], revision: 1 }));
      },
      answer: () => Promise.reject(new Error('all questions of a socket are asked together')),
      leads: () => {
        led += 1;
        return Promise.resolve(leads);
      },
      restsOnMessage: () => false,
    };
    watch = createWatch({
      decider: {
        onSwap: (listener) => {
          swap = () => listener(undefined as never);
          return () => {};
        },
      },
      judge,
      authenticator: { identify: async () => ({ identity: await identify() }) } as unknown as Authenticator,
      clock: { now: () => now },
      localTime: () => '2026-03-02T10:15:30+01:00',
      intervalMs: 5,
    });
  });
  afterEach(() => watch.stop());

  function socket(more: Partial<LiveSocket> = {}): LiveSocket & { readonly closed: () => number } {
    let closed = 0;
    const question = { sub: 'ada', res: 'channels', act: 'execute' } as Question;
    return {
      id: '1',
      kind: 'socket',
      since: now,
      route: '',
      address: '',
      verdict: { ...YES, code: 'ALLOWED', rules: [], grants: [], revision: 1 },
      identity,
      headers: {},
      queryToken: undefined,
      questions: [question],
      turn: watch.turn,
      close: () => void (closed += 1),
      closed: () => closed,
      ...more,
    };
  }

  it('asks at once, and again when the policy changes', async () => {
    const one = socket();
    watch.add(one);
    await delay(1);
    expect([asked, one.closed()]).to.deep.equal([1, 0]);
    answer = () => Promise.resolve(NO);
    swap();
    await eventually(() => void expect(one.closed()).to.equal(1));
  });

  it('asks again when an answer has run out, and not before', async () => {
    answer = () => Promise.resolve({ allowed: true, validUntil: 2000 });
    const one = socket();
    watch.add(one);
    await delay(30);
    expect(asked).to.equal(1);
    now = 2000;
    answer = () => Promise.resolve(NO);
    await eventually(() => void expect(one.closed()).to.be.greaterThan(0));
  });

  it('does not ask again while it is asking', async () => {
    let finish: () => void = () => {};
    answer = () => Promise.resolve({ allowed: true, validUntil: 1500 });
    watch.add(socket());
    await delay(1);
    answer = () => new Promise((resolve) => (finish = () => resolve(YES)));
    now = 1500;
    await eventually(() => void expect(asked).to.equal(2));
    await delay(40);
    expect(asked).to.equal(2);
    finish();
  });

  it('lets the question that was asked last decide', async () => {
    const answers: ((said: Answer) => void)[] = [];
    answer = () => new Promise((resolve) => answers.push(resolve));
    const one = socket();
    watch.add(one);
    swap();
    expect(answers).to.have.length(2);
    answers[1]?.(NO);
    await delay(1);
    expect(one.closed()).to.equal(1);
    answers[0]?.(YES);
    const other = socket();
    watch.add(other);
    swap();
    answers[3]?.(YES);
    answers[2]?.(NO);
    await delay(1);
    expect(other.closed()).to.equal(0);
  });

  it('closes when the judge fails, when the sign-in ended, and when somebody else is signed in', async () => {
    answer = () => Promise.reject(new Error('defect'));
    const failed = socket();
    watch.add(failed);
    await eventually(() => void expect(failed.closed()).to.equal(1));
    answer = () => Promise.resolve(YES);
    const ended = socket({ identity: { ...identity, expiresAt: 1000 } });
    watch.add(ended);
    await eventually(() => void expect(ended.closed()).to.be.greaterThan(0));
    const switched = socket();
    watch.add(switched);
    identify = () => Promise.resolve({ ...identity, subject: 'bob' });
    await watch.recheck();
    expect(switched.closed()).to.equal(1);
  });

  it('closes what a new policy has ended before it looks at any sign-in', async () => {
    const done: string[] = [];
    const close = (): void => void done.push('closed');
    watch.add(socket({ close }));
    watch.add(socket({ close }));
    await delay(1);
    let times = 0;
    answer = () => Promise.resolve(++times === 1 ? NO : YES);
    identify = () => {
      done.push('looked');
      return Promise.resolve(identity);
    };
    swap();
    await watch.recheck();
    expect(done).to.deep.equal(['closed', 'looked']);
  });

  it('looks at a few sign-ins at a time', async () => {
    const looks: (() => void)[] = [];
    identify = () => new Promise((resolve) => looks.push(() => resolve(identity)));
    for (let index = 0; index < 40; index += 1)
      watch.add(socket({ identity: { ...identity, credentialId: String(index) } }));
    const rechecked = watch.recheck();
    for (const expected of [16, 16, 8]) {
      await eventually(() => void expect(looks).to.have.lengthOf(expected));
      await delay(5);
      for (const finish of looks.splice(0, expected)) finish();
    }
    await rechecked;
  });

  it('asks about a look at a directory whether it still leads on', async () => {
    answer = () => Promise.resolve(NO);
    const one = socket({ leads: true });
    watch.add(one);
    await eventually(() => void expect([led, one.closed()]).to.deep.equal([1, 0]));
    leads = false;
    swap();
    await eventually(() => void expect(one.closed()).to.equal(1));
  });

  it('settles what was decided on before a change, and has nothing to settle otherwise', async () => {
    expect(watch.add(socket()).settled).to.equal(undefined);
    const request = socket({ kind: 'request' });
    swap();
    const answers: ((said: Answer) => void)[] = [];
    answer = () => new Promise((resolve) => answers.push(resolve));
    let isSettled = false;
    const settled = watch.add(request).settled?.then(() => (isSettled = true));
    // Another change while it is asked about: the answer under way says nothing any more.
    swap();
    answers[0]?.(YES);
    await eventually(() => void expect(answers).to.have.lengthOf(3));
    expect([isSettled, request.closed()]).to.deep.equal([false, 0]);
    answers[2]?.(NO);
    await settled;
    expect(request.closed()).to.equal(1);
  });

  it('settles what was decided on before its answer ran out', async () => {
    const verdict = { ...YES, validUntil: 900, code: 'ALLOWED', rules: [], grants: [], revision: 1 } as const;
    answer = () => Promise.resolve(NO);
    const late = socket({ kind: 'request', verdict });
    await watch.add(late).settled;
    expect(late.closed()).to.equal(1);
  });

  it('forgets a socket that was taken out, also while it is asked about', async () => {
    const one = socket();
    const { release } = watch.add(one);
    answer = () => Promise.resolve(NO);
    swap();
    release();
    await delay(1);
    expect([watch.size, one.closed()]).to.deep.equal([0, 0]);
  });
});
