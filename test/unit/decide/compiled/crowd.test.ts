/** People with so many roles that rules are found by their patterns: the same answers as Casbin's, after changes too. */
import { expect } from 'chai';
import { buildSnapshot } from '../../../../src/decide/build-snapshot.ts';
import { MANY_ROLES } from '../../../../src/decide/role-index.ts';
import {
  grant,
  modelText,
  policy,
  question,
  rule,
  seeded,
  settableClock,
} from '../../../support/decide-policy.ts';
import type { Snapshot } from '../../../../src/decide/decider.ts';
import type { GrantRecord, PolicyChange, RuleRecord } from '../../../../src/core/policy.ts';
import type { Question } from '../../../../src/core/question.ts';
import type { Verdict } from '../../../../src/core/verdict.ts';

const ROLES = MANY_ROLES * 2;
const clock = settableClock();
const deps = { clock, allowDefaultAllow: false };

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

function generator(seed: number, model: string) {
  const random = seeded(seed);
  const isAllowing = model.includes('e = some(where (p.eft == allow))\n');
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const path = (): string => {
    const depth = below(4);
    const segments = times(depth, () => pick(['a', 'b', 'c', '*', '{user}']));
    return pick(['**', '/**', `/${segments.join('/')}`, `/${[...segments, '**'].join('/')}`, '/a/b/c/d/**']);
  };
  return {
    below,
    pick,
    rule: (id: number): RuleRecord => {
      const sub = pick(['alice', 'role:nobody', ...times(6, () => `role:r${below(ROLES)}`)]);
      const looking = ["between(r.time, '08:00', '09:20')", "r.msg == 'x'"];
      const conditions = ['true', 'true', "r.own == 'bob'", "ipMatch(r.ip, '10.0.0.0/8')"];
      return rule(id, {
        sub,
        srv: pick(['*', 'default', 'other']),
        res: pick(['contents', 'contents|kernels', '*', 'kernels']),
        act: pick(['read', 'read|write', '*']),
        path: path(),
        // that an answer rests on the time or the message is left to the rules of roles to say
        cond: pick(sub === 'alice' ? conditions : [...conditions, ...looking]),
        eft: random() < 0.06 && !isAllowing ? 'deny' : 'allow',
      });
    },
    grants: (): GrantRecord[] =>
      times(ROLES, (index) => {
        const holder = index < 200 ? 'alice' : `role:r${below(200)}`;
        const [server, expiresAt] = [
          pick(['*', '*', '*', 'default', 'other']),
          pick([null, null, clock.at + 60_000]),
        ];
        return grant(index + 1, holder, `role:r${index}`, { server, expiresAt });
      }),
    question: (): Question =>
      question({
        sub: pick(['alice', 'alice', 'alice', 'bob']),
        srv: pick(['default', 'other']),
        res: pick(['contents', 'kernels', 'gate:users']),
        act: pick(['read', 'write', 'execute']),
        path: pick(['', '/', '/a', '/a/b', '/b/alice', '/a/b/c', '/c/c/c/c', '/a/b/c/d/e']),
        own: pick(['', 'bob', '?']),
        ip: pick(['10.1.2.3', '192.168.0.1', '']),
      }),
  };
}

const MODELS = {
  'the default effect': modelText({}),
  'the first that decides': modelText({ e: 'priority(p.eft) || deny' }),
  'one that allows': modelText({ e: 'some(where (p.eft == allow))' }),
  'conditions that may fail before labels are looked at': modelText({
    m: 'g(r.sub, p.sub, r.srv) && eval(p.cond) && labelMatch(r.srv, p.srv) && labelMatch(r.res, p.res) && labelMatch(r.act, p.act) && pathMatch(r.path, p.path, r.sub)',
  }),
};

/** The grants of a verdict lead from the asker to the subject of the rule that decided. */
function expectChain(asked: Question, { code, rules, grants }: Verdict, all: Policy): void {
  if (code === 'DENIED_CONDITION_FAILED') return;
  let holder = asked.sub;
  for (const id of grants) {
    const found = all.grants.find((each) => each.id === id);
    expect(found?.subject, `grant ${id}`).to.equal(holder);
    holder = found?.role ?? '';
  }
  const [id] = rules;
  if (id !== undefined) expect(all.rules.find((each) => each.id === id)?.fields['sub']).to.equal(holder);
}

interface Policy {
  readonly rules: readonly RuleRecord[];
  readonly grants: readonly GrantRecord[];
}

function said(current: Snapshot, asked: Question, roles: readonly string[] | null) {
  const { allowed, code, rules, grants, validUntil } = current.decide(asked, roles);
  return {
    verdict: { allowed, code, rules, grants, validUntil },
    leads: current.leads(asked, roles),
    restsOnMessage: current.restsOnMessage(asked, roles),
    considered: current.explain(asked, roles).length,
  };
}

describe('somebody with very many roles', () => {
  for (const [name, model] of Object.entries(MODELS)) {
    it(`gets the answers Casbin gives: ${name}`, async () => {
      const made = generator(20_261_130, model);
      let grants = made.grants();
      let rules = times(500, (index) => made.rule(index + 1));
      let current = await buildSnapshot(policy({ model, rules, grants }), deps);
      expect(current.path).to.equal('compiled');
      expect(current.rolesOf('alice', 'default').length).to.be.above(MANY_ROLES);
      const seen = new Set<string>();
      for (let round = 0; round < 6; round++) {
        const reference = await buildSnapshot(policy({ model, rules, grants }), { ...deps, path: 'casbin' });
        for (let asked = 0; asked < 50; asked++) {
          const each = made.question();
          const roles = made.pick([null, null, null, ['role:r1', 'role:r7', 'role:r40']]);
          const expected = said(reference, each, roles);
          expect(said(current, each, roles), JSON.stringify({ each, roles })).to.deep.equal(expected);
          expectChain(each, current.decide(each, roles), { rules, grants });
          seen.add(expected.verdict.code);
        }
        const [goes, comes] = [made.pick(rules), made.rule(1000 + round)];
        const [ends, begins] = [
          made.pick(grants),
          grant(1000 + round, 'alice', `role:r${made.below(ROLES)}`),
        ];
        const change: PolicyChange = {
          revision: current.revision + 1,
          rules: { removed: [goes], added: [comes] },
          grants: { removed: [ends], added: [begins] },
        };
        const next = current.after(change);
        if (next === undefined) throw new TypeError('expected a small change');
        current = next;
        rules = [...rules.filter((each) => each !== goes), comes];
        grants = [...grants.filter((each) => each !== ends), begins];
      }
      expect([...seen]).to.include.members(['ALLOWED', 'DENIED_BY_POLICY']);
    }).timeout(60_000);
  }

  it('is known to have them before the first question: rules are looked at again when there was nobody', async () => {
    const rules = [rule(1, { sub: 'role:r1', res: 'contents', act: 'read', path: '/pub/**' })];
    const grants = times(MANY_ROLES - 2, (index) => grant(index + 1, 'alice', `role:r${index}`));
    const current = await buildSnapshot(policy({ rules, grants }), deps);
    const added = [grant(1000, 'alice', 'role:x'), grant(1001, 'alice', 'role:y')];
    const change = (some: GrantRecord[]): PolicyChange => ({
      revision: current.revision + 1,
      rules: { removed: [], added: [] },
      grants: { removed: [], added: some },
    });
    expect(current.after(change([]))).not.to.equal(undefined);
    expect(current.after(change(added))).to.equal(undefined);
  });
});
