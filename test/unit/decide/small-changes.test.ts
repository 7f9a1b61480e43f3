import { expect } from 'chai';
import { grant, modelText, question, rule, snapshot } from '../../support/decide-policy.ts';
import type { GrantRecord, PolicyChange, RuleRecord } from '../../../src/core/policy.ts';
import type { Snapshot } from '../../../src/decide/decider.ts';

const EDITOR = { sub: 'role:editor', res: 'contents', act: 'read', path: '/a' };
const RULES = [
  rule(1, { ...EDITOR, cond: 'true' }),
  rule(2, { ...EDITOR, cond: '(true)' }),
  rule(3, { ...EDITOR, eft: 'deny' }),
  rule(4, { ...EDITOR, cond: '(true)', eft: 'deny' }),
  rule(5, { ...EDITOR, cond: "r.own == ''" }),
];
const GRANTS = [grant(1, 'alice', 'role:editor'), grant(2, 'role:editor', 'role:viewer')];

function change(
  of: Snapshot,
  parts: {
    readonly removed?: readonly RuleRecord[];
    readonly added?: readonly RuleRecord[];
    readonly granted?: readonly GrantRecord[];
  },
): PolicyChange {
  const { removed = [], added = [], granted = [] } = parts;
  return {
    revision: of.revision + 1,
    rules: { removed, added },
    grants: { removed: [], added: granted },
  };
}

/** Every order in which some of the rules can go. */
function orders(rules: readonly RuleRecord[]): RuleRecord[][] {
  if (rules.length === 0) return [[]];
  return rules.flatMap((first) =>
    orders(rules.filter((each) => each !== first)).map((others) => [first, ...others]),
  );
}

describe('a snapshot after a small change', () => {
  for (const e of [
    'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
    'priority(p.eft) || deny',
  ]) {
    it(`names the rule that stands for those that went, in any order, under \`${e}\``, async () => {
      const model = modelText({ e });
      const whole = await snapshot({ model, rules: RULES, grants: GRANTS });
      for (const order of orders(RULES)) {
        let current: Snapshot = whole;
        const left = new Set(RULES);
        for (const removed of order) {
          left.delete(removed);
          const next = current.after(change(current, { removed: [removed] }));
          if (next === undefined) throw new TypeError('expected a small change');
          current = next;
          // priority names the first, allow-and-deny the first that denies or the last that allows
          const denying = [...left].filter((each) => each.fields['eft'] === 'deny');
          const expected = e.startsWith('priority') ? [...left][0] : (denying[0] ?? [...left].at(-1));
          const { allowed, rules } = current.decide(question({ path: '/a' }));
          expect(rules).to.deep.equal(expected === undefined ? [] : [expected.id]);
          expect(allowed).to.equal(expected !== undefined && expected.fields['eft'] !== 'deny');
        }
      }
      expect(whole.document().rules).to.deep.equal(RULES);
    });
  }

  it('holds what was granted, and the one before it does not', async () => {
    const before = await snapshot({ rules: RULES.slice(0, 1), grants: [] });
    const after = before.after(change(before, { granted: [grant(7, 'alice', 'role:editor')] }));
    expect(after?.decide(question({ path: '/a' })).grants).to.deep.equal([7]);
    expect(after?.revision).to.equal(before.revision + 1);
    expect(before.decide(question({ path: '/a' })).allowed).to.equal(false);
  });

  it('is built whole where the change is not plainly a small one', async () => {
    const ordered = await snapshot({
      model: modelText({ p: 'sub, act, priority, eft', m: 'r.sub == p.sub', e: 'priority(p.eft) || deny' }),
    });
    const first = rule(9, { sub: 'alice', act: 'read', priority: '1' });
    expect(ordered.after(change(ordered, { added: [first] }))).to.equal(undefined);
    const current = await snapshot({ rules: RULES, grants: GRANTS });
    const many = Array.from({ length: 501 }, (_, index) =>
      rule(index + 10, { ...EDITOR, path: `/p${index}` }),
    );
    const parts: Parameters<typeof change>[1][] = [
      { added: many },
      { added: [rule(10, { ...EDITOR, cond: 'constructor' })] },
      { granted: [grant(10, 'role:viewer', 'role:editor')] },
      { granted: [grant(10, 'role:editor', 'role:editor')] },
    ];
    for (const each of parts) expect(current.after(change(current, each))).to.equal(undefined);
    const late = { ...change(current, { added: many.slice(0, 1) }), revision: current.revision + 2 };
    expect(current.after(late)).to.equal(undefined);
    expect(current.after(change(current, { added: many.slice(0, 500) }))?.size.rules).to.equal(505);
  });

  it('is built whole when a grant may change which rules come first', async () => {
    const before = await snapshot({
      model: modelText({
        p: 'sub, obj, dom, act, eft',
        r: 'sub, obj, dom, act',
        m: 'g(r.sub, p.sub, r.dom) && r.obj == p.obj && r.dom == p.dom && r.act == p.act',
        e: 'subjectPriority(p.eft) || deny',
      }),
      rules: [rule(1, { sub: 'role:everyone', obj: 'contents', dom: 'default', act: 'read', eft: 'deny' })],
    });
    expect(before.after(change(before, { granted: [grant(7, 'alice', 'role:editor')] }))).to.equal(undefined);
    const second = rule(2, { sub: 'alice', obj: 'contents', dom: 'default', act: 'read', eft: 'allow' });
    expect(before.after(change(before, { added: [second] }))).to.equal(undefined);
  });

  it('answers the same on both sides of the number of rules that are listed', async () => {
    const rules = Array.from({ length: 40 }, (_, index) =>
      rule(index + 1, { ...EDITOR, path: `/d${index}/**` }),
    );
    const asked = rules.map((_, index) => question({ path: `/d${index}/a` }));
    let current = await snapshot({ rules: rules.slice(0, 1), grants: GRANTS });
    const expectRules = (count: number): void => {
      const found = asked.map((each) => current.decide(each).rules);
      expect(found).to.deep.equal(rules.map(({ id }) => (id <= count ? [id] : [])));
    };
    for (const [count, next] of rules.entries()) {
      expectRules(Math.max(1, count));
      if (count > 0) current = current.after(change(current, { added: [next] })) ?? current;
    }
    expectRules(40);
    for (let count = 39; count > 0; count--) {
      current = current.after(change(current, { removed: rules.slice(count, count + 1) })) ?? current;
      expectRules(count);
    }
  });
});
