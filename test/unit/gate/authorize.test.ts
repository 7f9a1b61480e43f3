import { expect } from 'chai';
import { canonicalPath } from '../../../src/core/canonical-path.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { Identity } from '../../../src/core/identity.ts';
import type { Authorize, AuthorizeQuestion, Judge } from '../../../src/core/judge.ts';
import type { ObjectRegistry } from '../../../src/core/objects.ts';
import type { Question } from '../../../src/core/question.ts';
import { createDecider } from '../../../src/decide/create-decider.ts';
import { createHookJudge } from '../../../src/gate/hook-judge.ts';
import { createPolicyJudge } from '../../../src/gate/policy-judge.ts';
import { createQuestions } from '../../../src/gate/questions.ts';
import { grant, policy, rule } from '../../support/decide-policy.ts';

const NOW = 1_770_000_000_000;
const clock: Clock = { now: () => NOW };
const READ: Question = {
  sub: 'ada',
  srv: 'default',
  res: 'contents',
  act: 'read',
  path: canonicalPath('/pub/a.ipynb'),
  own: '',
  msg: '',
  cell: '',
  ip: '127.0.0.1',
  time: '2026-03-02T10:15:30+01:00',
};

describe('the authorize hook', () => {
  const failures: unknown[] = [];
  let decider: ReturnType<typeof createDecider>;

  /** Ada may do everything by the policy, in Jupyter and with the gate's users. */
  before(async () => {
    decider = createDecider({ clock }, { allowDefaultAllow: false });
    const rules = [
      rule(1, { sub: 'role:all', res: '*', act: '*', path: '**' }),
      rule(2, { sub: 'role:all', res: 'gate:users', act: '*', path: '' }),
    ];
    decider.swap(await decider.build(policy({ rules, grants: [grant(1, 'ada', 'role:all')] })));
  });
  beforeEach(() => failures.splice(0));

  const judge = (authorize: unknown, timeout = 5000): Judge =>
    createHookJudge({
      authorize: authorize as Authorize,
      policy: createPolicyJudge(decider),
      revision: () => decider.current.revision,
      clock,
      timeout,
      onFailure: (error) => failures.push(error),
    });
  const codes = async (asked: Judge, ...questions: Question[]): Promise<string[]> =>
    (await asked.ask(questions, null)).map(({ allowed, code }) => `${allowed ? 'yes' : 'no'} ${code}`);

  it('is told who, what, on what, and the whole question', async () => {
    const calls: unknown[][] = [];
    const asked = judge((...call: unknown[]) => calls.push(call) > 0);
    const [verdict] = await asked.ask([READ], ['role:viewer']);
    expect(calls).to.deep.equal([['ada', 'read', 'contents', { ...READ, roles: ['role:viewer'] }]]);
    expect(verdict).to.include({ allowed: true, code: 'ALLOWED', revision: decider.current.revision });
    expect(Object.isFrozen(calls[0]?.[3])).to.equal(true);
  });

  it('allows with nothing but true', async () => {
    for (const answer of [false, undefined, null, 1, 'true', {}, [true]]) {
      expect(
        await codes(
          judge(() => answer),
          READ,
        ),
        JSON.stringify(answer),
      ).to.deep.equal(['no DENIED_BY_HOOK']);
      expect(
        await codes(
          judge(() => Promise.resolve(answer)),
          READ,
        ),
      ).to.deep.equal(['no DENIED_BY_HOOK']);
    }
    expect(
      await codes(
        judge(() => true),
        READ,
      ),
    ).to.deep.equal(['yes ALLOWED']);
    expect(
      await codes(
        judge(() => Promise.resolve(true)),
        READ,
      ),
    ).to.deep.equal(['yes ALLOWED']);
    expect(failures).to.deep.equal([]);
  });

  it('refuses when it throws, rejects or takes too long, and says so', async () => {
    const defect = new Error('no database');
    const never = (): Promise<boolean> => new Promise(() => {});
    expect(
      await codes(
        judge(() => {
          throw defect;
        }),
        READ,
      ),
    ).to.deep.equal(['no DENIED_HOOK_FAILED']);
    expect(
      await codes(
        judge(() => Promise.reject(defect)),
        READ,
      ),
    ).to.deep.equal(['no DENIED_HOOK_FAILED']);
    expect(await codes(judge(never, 20), READ)).to.deep.equal(['no DENIED_HOOK_FAILED']);
    expect(failures.slice(0, 2)).to.deep.equal([defect, defect]);
    expect(String(failures[2])).to.match(/no answer within 20 ms/);
  });

  it('does not take a late yes', async () => {
    let answer: (value: boolean) => void = () => {};
    const asked = judge(() => new Promise<boolean>((resolve) => (answer = resolve)), 20);
    expect(await codes(asked, READ)).to.deep.equal(['no DENIED_HOOK_FAILED']);
    answer(true);
    expect(failures).to.have.length(1);
  });

  it('is asked anew each time', async () => {
    const answers = [true, false, true];
    const asked = judge(() => answers.shift());
    expect([
      ...(await codes(asked, READ)),
      ...(await codes(asked, READ)),
      ...(await codes(asked, READ)),
    ]).to.deep.equal(['yes ALLOWED', 'no DENIED_BY_HOOK', 'yes ALLOWED']);
  });

  it("is never asked about other people's objects, or those of nobody known", async () => {
    let calls = 0;
    const asked = judge(() => (calls += 1) > 0);
    const kernel: Question = { ...READ, res: 'kernels', path: '' };
    expect(await codes(asked, { ...kernel, own: 'bob' })).to.deep.equal(['no DENIED_BY_POLICY']);
    expect(await codes(asked, { ...kernel, own: '?' })).to.deep.equal(['no DENIED_BY_POLICY']);
    expect(calls).to.equal(0);
    expect(await codes(asked, { ...kernel, own: 'ada' }, kernel)).to.deep.equal([
      'yes ALLOWED',
      'yes ALLOWED',
    ]);
    expect(calls).to.equal(2);
  });

  it("leaves the gate's own administration to the policy", async () => {
    const asked = judge(() => {
      throw new Error('asked');
    });
    expect(await codes(asked, { ...READ, res: 'gate:users', path: '' })).to.deep.equal(['yes ALLOWED']);
    expect(await codes(asked, { ...READ, sub: 'bob', res: 'gate:users', path: '' })).to.deep.equal([
      'no DENIED_BY_POLICY',
    ]);
    expect(failures).to.deep.equal([]);
  });

  it('is asked no further after a refusal', async () => {
    const paths: string[] = [];
    const asked = judge((...[, , , { path }]: Parameters<Authorize>) => paths.push(path) < 2);
    const other = { ...READ, path: canonicalPath('/other') };
    expect(await codes(asked, READ, other, READ)).to.deep.equal(['yes ALLOWED', 'no DENIED_BY_HOOK']);
    expect(paths).to.deep.equal(['/pub/a.ipynb', '/other']);
  });

  it('decides what is presented too, and lets nothing shine through from below a directory', async () => {
    const registry: ObjectRegistry = {
      lookup: (kind, id) => ({
        kind,
        id,
        server: 'default',
        owner: id,
        path: '',
        origin: '',
        kernelId: null,
        createdAt: 0,
      }),
      all: () => [],
      ownedBy: () => [],
      record: () => Promise.resolve(),
      update: () => Promise.resolve(),
      forget: () => Promise.resolve(),
    };
    const may = ({ path }: AuthorizeQuestion): boolean => path === '/pub' || path === '';
    const questions = createQuestions({
      server: 'default',
      registry,
      judge: judge((...[, , , question]: Parameters<Authorize>) => may(question)),
      localTime: () => READ.time,
    });
    const identity = { subject: 'ada', roles: null } as unknown as Identity;
    const asker = questions.asker({ identity, client: { address: '', origin: '', host: '', secure: false } });
    expect(await asker.may('contents', 'read', canonicalPath('/pub'))).to.equal(true);
    expect(await asker.may('contents', 'read', canonicalPath('/pub/a.ipynb'))).to.equal(false);
    expect(await asker.leads(canonicalPath('/'))).to.equal(false);
    expect(await asker.mayObject('kernels', 'read', { kind: 'kernel', id: 'ada' })).to.equal(true);
    expect(await asker.mayObject('kernels', 'read', { kind: 'kernel', id: 'bob' })).to.equal(false);
  });

  it('lets a socket live on an answer for ten seconds', async () => {
    const [verdict] = await judge(() => true).ask([READ], null);
    expect(verdict?.validUntil).to.equal(NOW + 10_000);
  });
});
