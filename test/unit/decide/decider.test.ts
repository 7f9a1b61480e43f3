import { expect } from 'chai';
import { createDecider } from '../../../src/decide/create-decider.ts';
import { checkGrants } from '../../../src/decide/check-grants.ts';
import {
  failure,
  grant,
  modelText,
  policy,
  question,
  rule,
  seeded,
  settableClock,
  snapshot,
} from '../../support/decide-policy.ts';

const CONTENTS = { res: 'contents', act: 'read', path: '/pub/**' };

describe('a decider', () => {
  it('refuses everything before the first swap', () => {
    const { current } = createDecider({ clock: settableClock() }, { allowDefaultAllow: false });
    expect(current.decide(question()).code).to.equal('DENIED_BY_POLICY');
    expect(current.leads(question())).to.equal(false);
  });
  it('puts a snapshot in force, tells who listens, and ignores an older one', async () => {
    const decider = createDecider({ clock: settableClock() }, { allowDefaultAllow: false });
    const heard: number[] = [];
    const stop = decider.onSwap((each) => heard.push(each.revision));
    const second = await decider.build(policy({ revision: 2 }));
    decider.swap(second);
    decider.swap(await decider.build(policy({ revision: 1 })));
    expect(decider.current).to.equal(second);
    stop();
    decider.swap(await decider.build(policy({ revision: 3 })));
    expect(heard).to.deep.equal([2]);
    expect(decider.current.revision).to.equal(3);
  });
  it('never answers wrongly while policies are swapped under load', async () => {
    const decider = createDecider({ clock: settableClock() }, { allowDefaultAllow: false });
    const of = (revision: number) =>
      policy({
        revision,
        rules: [
          rule(1, { sub: 'alice', ...CONTENTS }),
          rule(2, {
            sub: 'alice',
            res: 'contents',
            act: 'read',
            path: `/pub/${revision % 2}/**`,
            eft: 'deny',
          }),
        ],
      });
    decider.swap(await decider.build(of(1)));
    let asked = 0;
    const load = { over: false };
    const asking = (async () => {
      while (!load.over) {
        const { current } = decider;
        for (const side of [0, 1]) {
          const verdict = current.decide(question({ path: `/pub/${side}/x` }));
          expect(verdict.allowed).to.equal(side !== current.revision % 2);
          expect(verdict.revision).to.equal(current.revision);
          asked++;
        }
        await new Promise(setImmediate);
      }
    })();
    for (let revision = 2; revision < 60; revision++) {
      decider.swap(await decider.build(of(revision)));
      await new Promise(setImmediate);
    }
    load.over = true;
    await asking;
    expect(asked).to.be.above(50);
  });
  it('keeps the running policy when the next one does not pass its checks', async () => {
    const broken: [ReturnType<typeof policy>, string][] = [
      [policy({ model: 'nothing' }), 'MODEL_INVALID'],
      [policy({ rules: [rule(1, { sub: 'alice', ...CONTENTS, cond: 'this' })] }), 'MODEL_INVALID'],
      [policy({ grants: [grant(1, 'role:a', 'role:b'), grant(2, 'role:b', 'role:a')] }), 'ROLE_CYCLE'],
      [
        policy({ grants: Array.from({ length: 11 }, (_, i) => grant(i, `role:r${i}`, `role:r${i + 1}`)) }),
        'ROLE_DEPTH',
      ],
    ];
    const decider = createDecider({ clock: settableClock() }, { allowDefaultAllow: false });
    for (const [document, code] of broken)
      expect((await failure(() => decider.build(document))).code).to.equal(code);
  });
});

describe('a decision', () => {
  it('names the rule and the grants it rests on', async () => {
    const rules = [
      rule(4, { sub: 'role:viewer', ...CONTENTS }),
      rule(5, { sub: 'role:viewer', ...CONTENTS, path: '/pub/secret/**', eft: 'deny' }),
    ];
    const grants = [grant(7, 'alice', 'role:team'), grant(8, 'role:team', 'role:viewer')];
    const current = await snapshot({ rules, grants });
    const allowed = current.decide(question());
    expect(allowed).to.deep.equal({
      allowed: true,
      code: 'ALLOWED',
      rules: [4],
      grants: [7, 8],
      revision: 1,
      validUntil: null,
    });
    expect(current.decide(question({ path: '/pub/secret/a' })))
      .to.include({ code: 'DENIED_BY_RULE' })
      .and.deep.include({ rules: [5] });
    expect(current.decide(question({ act: 'write' })))
      .to.include({ code: 'DENIED_BY_POLICY' })
      .and.deep.include({ rules: [] });
    expect(current.decide(question({ sub: 'bob' })).code).to.equal('DENIED_BY_POLICY');
    expect(current.rolesOf('alice', 'default')).to.have.members([
      'role:everyone',
      'role:team',
      'role:viewer',
    ]);
  });
  it('is a refusal when a field that may not be empty is, or is no text', async () => {
    const current = await snapshot({
      model: modelText({ m: 'r.sub == p.sub && r.res == p.res', p: 'sub, res' }),
      rules: [rule(1, { sub: 'alice', res: 'contents' })],
    });
    expect(current.decide(question()).allowed).to.equal(true);
    for (const field of ['sub', 'srv', 'res', 'act'] as const)
      expect(current.decide(question({ [field]: '' })).allowed, field).to.equal(false);
    for (const value of [undefined, null, 1, ['alice'], {}]) {
      expect(current.decide({ ...question(), sub: value } as never).allowed).to.equal(false);
      expect(current.decide({ ...question(), ip: value } as never).allowed).to.equal(false);
    }
  });
  it('is a refusal of its own kind, with the rule, when a condition fails', async () => {
    const rules = [
      rule(1, { sub: 'alice', ...CONTENTS, path: '/other' }),
      rule(2, { sub: 'alice', ...CONTENTS, cond: "ipMatch(r.ip, '10.0.0.0/8')" }),
    ];
    const current = await snapshot({ rules });
    expect(current.decide(question()).allowed).to.equal(true);
    const verdict = current.decide(question({ ip: 'unknown' }));
    expect(verdict).to.include({ allowed: false, code: 'DENIED_CONDITION_FAILED' });
    expect(verdict.rules).to.deep.equal([2]);
    expect(verdict.error).to.match(/^rule 2: expected an IP address/);
  });
  it('is a refusal when the condition of a rule that denies fails', async () => {
    const rules = [
      rule(1, { sub: 'alice', ...CONTENTS }),
      rule(2, { sub: 'alice', ...CONTENTS, cond: "!ipMatch(r.ip, '10.0.0.0/8')", eft: 'deny' }),
    ];
    const current = await snapshot({ rules });
    expect(current.decide(question()).code).to.equal('ALLOWED');
    expect(current.decide(question({ ip: '1.2.3.4' })).code).to.equal('DENIED_BY_RULE');
    expect(current.decide(question({ ip: '' })).code).to.equal('DENIED_CONDITION_FAILED');
  });
  it('without any rule refuses, even where plain Casbin would allow', async () => {
    const current = await snapshot({
      model: modelText({ m: "(r.sub == p.sub || 'a' == 'a') && regexMatch(r.path, p.path)", p: 'sub, path' }),
    });
    expect(current.decide(question()).code).to.equal('DENIED_BY_POLICY');
  });
  it('allows by default only with the option, and never for a narrowed token or an unknown owner', async () => {
    const model = modelText({ e: '!some(where (p.eft == deny))' });
    const rules = [rule(1, { sub: 'alice', ...CONTENTS, eft: 'deny' })];
    expect((await failure(() => snapshot({ model, rules }))).code).to.equal('MODEL_INVALID');
    const current = await snapshot({ model, rules }, { allowDefaultAllow: true });
    expect(current.decide(question()).code).to.equal('DENIED_BY_RULE');
    expect(current.decide(question({ path: '/else' })).allowed).to.equal(true);
    expect(current.decide(question({ sub: 'bob' })).allowed).to.equal(true);
    expect(current.decide(question({ path: '/else' }), ['role:everyone']).allowed).to.equal(false);
    expect(current.decide(question({ path: '/else', own: '?' })).allowed).to.equal(false);
  });
});

describe('roles', () => {
  it('names the grants of the asker, however many hold the same', async () => {
    const current = await snapshot({
      rules: [
        rule(2, { sub: 'role:editor', res: '*', act: '*' }),
        rule(1, { sub: 'carol', res: '*', act: '*' }),
      ],
      grants: [
        grant(1, 'role:class', 'role:editor'),
        ...['alice', 'bob', 'carol'].map((name, index) => grant(index + 2, name, 'role:class')),
        grant(5, 'dora', 'role:class', { server: 'default' }),
        grant(6, 'dora', 'role:editor', { server: 'other' }),
        grant(7, 'emil', 'role:class', { expiresAt: Date.parse('2027-01-01T00:00:00Z') }),
      ],
    });
    const grantsOf = (sub: string, srv = 'default') => current.decide(question({ sub, srv })).grants;
    for (let round = 0; round < 2; round++) {
      expect(grantsOf('alice')).to.deep.equal([2, 1]);
      expect(grantsOf('bob')).to.deep.equal([3, 1]);
      expect(grantsOf('carol')).to.deep.equal([4, 1]);
      expect(grantsOf('dora')).to.deep.equal([5, 1]);
      expect(grantsOf('dora', 'other')).to.deep.equal([6]);
      expect(grantsOf('emil')).to.deep.equal([7, 1]);
      expect(grantsOf('role:class')).to.deep.equal([1]);
      expect(grantsOf('role:editor')).to.deep.equal([]);
      expect(current.decide(question({ sub: 'nobody' })).allowed).to.equal(false);
    }
  });

  it('everyone signed in holds role:everyone, guests hold what anonymous holds, roles hold neither', async () => {
    const rules = [
      rule(1, { sub: 'role:everyone', ...CONTENTS }),
      rule(2, { sub: 'anonymous', res: 'static', act: 'read' }),
      rule(3, { sub: 'role:open', res: 'pages', act: 'read' }),
    ];
    const current = await snapshot({ rules, grants: [grant(1, 'anonymous', 'role:open')] });
    const may = (sub: string, res: string) =>
      current.decide(question({ sub, res, path: res === 'contents' ? '/pub/a' : '' })).allowed;
    expect(['contents', 'static', 'pages'].map((res) => may('alice', res))).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(['contents', 'static', 'pages'].map((res) => may('guest:1', res))).to.deep.equal([
      false,
      true,
      true,
    ]);
    expect(['contents', 'static', 'pages'].map((res) => may('anonymous', res))).to.deep.equal([
      false,
      true,
      true,
    ]);
    for (const sub of ['role:viewer', 'gate:root', 'guest:'])
      expect(may(sub, 'contents'), sub).to.equal(false);
    expect(current.rolesOf('guest:1', 'default')).to.deep.equal(['role:open']);
  });
  it('count on the server they were granted for', async () => {
    const rules = [
      rule(1, { sub: 'role:a', ...CONTENTS }),
      rule(2, { sub: 'role:b', srv: 'lab', ...CONTENTS, act: 'write' }),
    ];
    const current = await snapshot({
      rules,
      grants: [grant(1, 'alice', 'role:a', { server: 'lab' }), grant(2, 'alice', 'role:b')],
    });
    expect(current.decide(question({ srv: 'lab' })).allowed).to.equal(true);
    expect(current.decide(question()).allowed).to.equal(false);
    expect(current.decide(question({ srv: 'lab', act: 'write' })).allowed).to.equal(true);
    expect(current.decide(question({ act: 'write' })).allowed).to.equal(false);
    expect(current.rolesOf('alice', '*')).to.not.include('role:a');
  });
  it('count while their grant is active, and the verdict says until when it holds', async () => {
    const clock = settableClock(1000);
    const grants = [
      grant(1, 'alice', 'role:a', { startsAt: 2000, expiresAt: 3000 }),
      grant(2, 'role:a', 'role:b', { expiresAt: 2500 }),
    ];
    const current = await snapshot({ rules: [rule(1, { sub: 'role:b', ...CONTENTS })], grants }, { clock });
    const at = (now: number) => {
      clock.at = now;
      const { allowed, validUntil } = current.decide(question());
      return [allowed, validUntil];
    };
    expect(at(1000)).to.deep.equal([false, 2000]);
    expect(at(1999)).to.deep.equal([false, 2000]);
    expect(at(2000)).to.deep.equal([true, 2500]);
    expect(at(2500)).to.deep.equal([false, 3000]);
    expect(at(3000)).to.deep.equal([false, null]);
    expect(at(2100)).to.deep.equal([true, 2500]);
  });
  it('narrow a token to those it names, but what denies its owner denies it too', async () => {
    const rules = [
      rule(1, { sub: 'role:a', ...CONTENTS }),
      rule(2, { sub: 'role:b', res: 'kernels', act: 'read' }),
      rule(3, { sub: 'alice', res: 'files', act: 'read' }),
      rule(4, { sub: 'role:everyone', res: 'static', act: 'read' }),
      rule(5, { sub: 'alice', ...CONTENTS, path: '/pub/x', eft: 'deny' }),
      rule(6, { sub: 'role:c', res: 'pages', act: 'read' }),
    ];
    const current = await snapshot({
      rules,
      grants: [grant(1, 'alice', 'role:a'), grant(2, 'alice', 'role:b'), grant(3, 'role:a', 'role:c')],
    });
    const may = (res: string, roles: string[] | null, path = '/pub/a') =>
      current.decide(question({ res, path }), roles).allowed;
    const all = ['contents', 'kernels', 'files', 'static', 'pages'];
    expect(all.filter((res) => may(res, null))).to.deep.equal(all);
    expect(all.filter((res) => may(res, ['role:a']))).to.deep.equal(['contents', 'pages']);
    expect(all.filter((res) => may(res, ['role:c']))).to.deep.equal(['pages']);
    expect(all.filter((res) => may(res, ['alice', 'role:nobody']))).to.deep.equal([]);
    expect(all.filter((res) => may(res, []))).to.deep.equal([]);
    expect(current.decide(question({ path: '/pub/x' }), ['role:a']).code).to.equal('DENIED_BY_RULE');
    expect(
      current.explain(question({ res: 'kernels', path: '' }), ['role:a']).find((each) => each.rule.id === 2),
    ).to.include({ matched: false, why: 'the token is narrowed to other roles' });
  });
  it('may not run in circles or over more than ten links, on any server', async () => {
    expect(
      (await failure(() => checkGrants([grant(1, 'role:a', 'role:b'), grant(2, 'role:b', 'role:a')]))).code,
    ).to.equal('ROLE_CYCLE');
    expect((await failure(() => checkGrants([grant(1, 'role:a', 'role:a')]))).code).to.equal('ROLE_CYCLE');
    expect(
      (
        await failure(() =>
          checkGrants([grant(1, 'role:a', 'role:b', { server: 'x' }), grant(2, 'role:b', 'role:a')]),
        )
      ).code,
    ).to.equal('ROLE_CYCLE');
    checkGrants([
      grant(1, 'role:a', 'role:b', { server: 'x' }),
      grant(2, 'role:b', 'role:a', { server: 'y' }),
    ]);
    const chain = (from: string) =>
      Array.from({ length: 10 }, (_, i) => grant(i, i === 0 ? from : `role:r${i}`, `role:r${i + 1}`));
    checkGrants(chain('alice'));
    expect((await failure(() => checkGrants(chain('anonymous')))).code).to.equal('ROLE_DEPTH');
    expect(
      (await failure(() => checkGrants([...chain('alice'), grant(20, 'role:r10', 'role:r11')]))).code,
    ).to.equal('ROLE_DEPTH');
  });
});

describe('an object whose owner is not known', () => {
  it('is only given by a rule whose condition names it', async () => {
    const rules = [
      rule(1, { sub: 'alice', res: 'kernels', act: 'read' }),
      rule(2, { sub: 'bob', res: 'kernels', act: 'read', cond: "r.own == r.sub || r.own == '?'" }),
      rule(3, { sub: 'carol', res: 'kernels', act: 'read', cond: "r.own == '?'" }),
      rule(4, { sub: 'carol', res: 'kernels', act: 'read', eft: 'deny' }),
      rule(5, { sub: 'dave', res: 'kernels', act: 'read', cond: "r.own != '??'" }),
    ];
    const current = await snapshot({ rules });
    const code = (sub: string, own: string) =>
      current.decide(question({ sub, own, res: 'kernels', path: '' })).code;
    expect(code('alice', 'x')).to.equal('ALLOWED');
    expect(code('alice', '?')).to.equal('DENIED_BY_POLICY');
    expect(code('bob', '?')).to.equal('ALLOWED');
    expect(code('carol', '?')).to.equal('DENIED_BY_RULE');
    expect(code('dave', '?')).to.equal('DENIED_BY_POLICY');
    expect(current.explain(question({ own: '?', res: 'kernels', path: '' }))[0]?.why).to.match(
      /owner is not known/,
    );
  });
});

describe('a condition on the time', () => {
  it('limits the verdict to the next full minute', async () => {
    const clock = settableClock(Date.parse('2026-03-02T09:15:30Z'));
    const current = await snapshot(
      { rules: [rule(1, { sub: 'alice', ...CONTENTS, cond: "between(r.time, '10:00', '11:00')" })] },
      { clock },
    );
    const verdict = current.decide(question());
    expect(verdict.allowed).to.equal(true);
    expect(verdict.validUntil).to.equal(Date.parse('2026-03-02T09:16:00Z'));
    expect(current.decide(question({ time: '2026-03-02T11:00:00+01:00' })).allowed).to.equal(false);
    expect(current.decide(question({ sub: 'bob' })).validUntil).to.equal(null);
  });
  it('may stand in the matcher, with bounds from columns', async () => {
    const model = modelText({
      p: 'sub, from, to, eft',
      m: 'r.sub == p.sub && between(r.time, p.from, p.to)',
    });
    const current = await snapshot({ model, rules: [rule(1, { sub: 'alice', from: '10:00', to: '11:00' })] });
    expect(current.decide(question())).to.deep.include({
      allowed: true,
      validUntil: Date.parse('2026-03-02T09:16:00Z'),
    });
  });
});

describe('leads', () => {
  it('shows the directories on the way to what may be read', async () => {
    const rules = [
      rule(1, { sub: 'alice', res: 'contents', act: 'read', path: '/a/b/**' }),
      rule(2, { sub: 'alice', res: 'contents', act: 'read', path: '/home/{user}/**' }),
      rule(3, { sub: 'alice', res: 'contents', act: 'write', path: '/w/**' }),
      rule(4, { sub: 'alice', res: 'contents', act: 'read', path: '/a/b/secret/**', eft: 'deny' }),
      rule(5, { sub: 'alice', res: 'contents', act: 'read', path: '/gone/x/**' }),
      rule(6, { sub: 'alice', res: 'contents', act: 'read', path: '/gone/**', eft: 'deny' }),
      rule(7, { sub: 'alice', res: 'contents', act: 'read', path: '/p/**' }),
      rule(8, { sub: 'alice', res: 'contents', act: 'read', path: '/p', eft: 'deny' }),
    ];
    const current = await snapshot({ rules });
    const leads = (path: string, sub = 'alice') => current.leads(question({ path, sub }));
    expect(
      ['/', '/a', '/a/b', '/a/b/c', '/home', '/home/alice', '/p'].filter((path) => !leads(path)),
    ).to.deep.equal([]);
    expect(
      ['/w', '/b', '/home/bob', '/a/b/secret', '/a/b/secret/x', '/gone', '/gone/x', ''].filter((path) =>
        leads(path),
      ),
    ).to.deep.equal([]);
    expect(leads('/', 'bob')).to.equal(false);
    expect(current.decide(question({ path: '/a' })).allowed).to.equal(false);
  });
});

describe('an explanation', () => {
  it('tells for each rule of the asker what does not match first', async () => {
    const rules = [
      rule(1, { sub: 'alice', res: 'kernels', act: 'read' }),
      rule(2, { sub: 'alice', res: 'contents', act: 'write' }),
      rule(3, { sub: 'role:everyone', ...CONTENTS, path: '/priv/**' }),
      rule(4, { sub: 'alice', ...CONTENTS, cond: 'r.own == r.sub' }),
      rule(5, { sub: 'alice', ...CONTENTS }),
      rule(6, { sub: 'bob', ...CONTENTS }),
      rule(7, { sub: 'alice', ...CONTENTS, cond: "ipMatch(r.ip, '::/0')" }),
    ];
    const current = await snapshot({ rules });
    const seen = current.explain(question({ ip: 'x' }));
    expect(seen.map((each) => [each.rule.id, each.matched, each.why])).to.deep.equal([
      [1, false, 'res `contents` does not match `kernels`'],
      [2, false, 'act `read` does not match `write`'],
      [3, false, 'path `/pub/a.ipynb` does not match `/priv/**`'],
      [4, false, 'the condition `r.own==r.sub` does not hold'],
      [5, true, ''],
      [
        7,
        false,
        "the condition `ipMatch(r.ip,'::/0')` does not hold, because it failed: expected an IP address, received `x`",
      ],
    ]);
  });
  it('agrees with the decision', async () => {
    const random = seeded(3);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const conds = [
      'true',
      'r.own == r.sub',
      "!(r.own == '') && r.path != '/a'",
      "r.sub < 'b' || r.own >= r.sub",
      "labelMatch(r.res, 'contents|files')",
      'r.own == 1',
    ];
    const rules = Array.from({ length: 12 }, (_, i) =>
      rule(i + 1, {
        sub: pick(['alice', 'role:everyone']),
        res: pick(['contents', 'files', '*']),
        act: pick(['read', 'write']),
        path: pick(['**', '/a/**', '/a']),
        cond: pick(conds),
      }),
    );
    const current = await snapshot({ rules });
    for (let round = 0; round < 120; round++) {
      const asked = question({
        res: pick(['contents', 'files']),
        act: pick(['read', 'write']),
        path: pick(['', '/a', '/a/b']),
        own: pick(['', 'alice', 'bob', '1']),
      });
      expect(current.explain(asked).some((each) => each.matched)).to.equal(current.decide(asked).allowed);
    }
  });
});
