import { expect } from 'chai';
import { askCasbin, askEngine, exampleFile, requestsFor } from './casbin-examples.ts';
import { createRuleChecker } from '../../src/decide/check-rule.ts';
import { parseModel } from '../../src/decide/parse-model.ts';
import { failure } from '../support/decide-policy.ts';
import type { Example } from './casbin-examples.ts';

type Values = Readonly<Record<string, readonly string[]>>;

/** Model and policy as they are published; beside them values that a request may have. */
const PUBLISHED: readonly (readonly [string, string, Values?])[] = [
  ['basic_model', 'basic_policy'],
  ['basic_model', 'basic_inverse_policy'],
  ['basic_with_root_model', 'basic_policy', { sub: ['root'] }],
  ['basic_without_users_model', 'basic_without_users_policy'],
  ['basic_without_resources_model', 'basic_without_resources_policy'],
  ['rbac_model', 'rbac_policy'],
  ['rbac_model', 'rbac_with_hierarchy_policy'],
  ['rbac_with_deny_model', 'rbac_with_deny_policy'],
  ['rbac_with_domains_model', 'rbac_with_domains_policy'],
  ['rbac_with_domains_model', 'rbac_with_domains_policy2'],
  ['rbac_with_domains_model', 'rbac_with_hierarchy_with_domains_policy'],
  ['rbac_with_domain_pattern_model', 'rbac_with_domain_pattern_policy', { dom: ['domain3'] }],
  ['rbac_with_all_pattern_model', 'rbac_with_all_pattern_policy', { obj: ['/book/1'] }],
  [
    'keymatch_model',
    'keymatch_policy',
    { obj: ['/alice_data/resource2', '/bob_data/x/y'], act: ['GET', 'POST'] },
  ],
  [
    'keymatch2_model',
    'keymatch2_policy',
    { obj: ['/alice_data/hello', '/alice_data2/7/using/8'], act: ['GET'] },
  ],
  ['glob_model', 'glob_policy', { obj: ['/foo/subpath', '/foobar', '/prefix/foo/x', 'foo', '/foo'] }],
  ['ipmatch_model', 'ipmatch_policy', { sub: ['192.168.2.123', '10.0.0.5', '192.168.3.1'] }],
  ['priority_model', 'priority_policy'],
  ['priority_model_explicit', 'priority_policy_explicit'],
  ['priority_model_explicit', 'priority_policy_explicit_update'],
  ['subject_priority_model', 'subject_priority_policy'],
  ['subject_priority_model_with_domain', 'subject_priority_policy_with_domain'],
];

/** Published models that the gate's language does not have, and what it says of them. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['abac_model', /before and after a dot|members/],
  ['abac_not_using_policy_model', /before and after a dot|members/],
  ['basic_keyget2_model', /no function `keyGet2`/],
  ['in_operator_model', /./],
  ['keymatch_custom_model', /no function `keyMatchCustom`/],
  ['multiple_policy_definitions_model', /`r2` is not supported/],
  ['rbac_g2_model', /`g2` is not supported/],
  ['rbac_with_hierarchical_domains_model', /`g2` is not supported/],
  ['rbac_with_multiple_policy_model', /`p2` is not supported/],
  ['rbac_with_not_deny_model', /expected one of/],
  ['rbac_with_pattern_model', /`g2` is not supported/],
  ['rbac_with_resource_roles_model', /`g2` is not supported/],
];

/** What some of those are about, in words that the gate has. */
const IN_ITS_WORDS: Readonly<Record<string, Example & { readonly more?: Values }>> = {
  'ABAC: the owner of an object': {
    model: modelOf({ r: 'sub, obj, act, own', p: 'act', m: 'r.sub == r.own && r.act == p.act' }),
    policy: 'p, read\np, write\n',
    more: { sub: ['alice', 'bob'], obj: ['data1'], own: ['alice', 'bob', 'nobody'] },
  },
  'ABAC without rules': {
    model: modelOf({ r: 'sub, obj, act, own', p: 'sub, obj, act', m: 'r.sub == r.own' }),
    policy: 'p, alice, data1, read\n',
    more: { own: ['alice', 'bob'] },
  },
  'ABAC with a condition in each rule': {
    model: modelOf({
      r: 'sub, obj, act, own',
      p: 'cond, obj, act',
      m: 'eval(p.cond) && r.obj == p.obj && r.act == p.act',
    }),
    policy: "p, r.own == r.sub, data1, read\np, r.own != 'alice' && r.sub > 'b', data2, write\n",
    more: { sub: ['alice', 'bob', 'carol'], own: ['alice', 'bob'] },
  },
  'RBAC with resource roles': {
    model: modelOf({ g: '_, _', m: 'r.sub == p.sub && g(r.obj, p.obj) && r.act == p.act' }),
    policy: 'p, alice, data_group, write\np, bob, data2, read\ng, data1, data_group\ng, data2, data_group\n',
  },
  'RBAC where what is not denied is allowed': {
    model: modelOf({
      p: 'sub, obj, act, eft',
      g: '_, _',
      e: '!some(where (p.eft == deny))',
      m: 'g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act',
    }),
    policy: exampleFile('rbac_with_deny_policy.csv'),
  },
};

function modelOf({ r = 'sub, obj, act', p = 'sub, obj, act', g = '', e = '', m = '' }): string {
  return [
    `[request_definition]\nr = ${r}`,
    `[policy_definition]\np = ${p}`,
    ...(g === '' ? [] : [`[role_definition]\ng = ${g}`]),
    `[policy_effect]\ne = ${e === '' ? 'some(where (p.eft == allow))' : e}`,
    `[matchers]\nm = ${m}\n`,
  ].join('\n');
}

async function expectSame(example: Example, more: Values): Promise<void> {
  const ours = await askEngine(example);
  const theirs = await askCasbin(example);
  const requests = requestsFor(example, ours.model, { more, most: 600 });
  let allowed = 0;
  for (const request of requests) {
    const answer = theirs(request);
    // where the matcher looks at no rule, Casbin names the one it evaluated it with first
    const expected = ours.model.mentionsPolicy ? answer : { ...answer, rule: undefined };
    expect(ours.ask(request), request.join(', ')).to.deep.equal(expected);
    if (expected.allowed) allowed++;
  }
  // a policy that allows nothing, or everything, would prove little
  expect(allowed).to.be.within(1, requests.length - 1);
}

describe("Casbin's own examples", () => {
  for (const [model, rules, more = {}] of PUBLISHED) {
    it(`get its answers and deciding rules: ${model} with ${rules}`, async () => {
      await expectSame({ model: exampleFile(`${model}.conf`), policy: exampleFile(`${rules}.csv`) }, more);
    });
  }
  for (const [title, { more = {}, ...example }] of Object.entries(IN_ITS_WORDS)) {
    it(`get its answers and deciding rules in the gate's words: ${title}`, async () => {
      await expectSame(example, more);
    });
  }
  for (const [model, reason] of REFUSED) {
    it(`are refused with the reason where the gate has no words for them: ${model}`, async () => {
      const { problems } = await failure(() => parseModel(exampleFile(`${model}.conf`)));
      expect(problems.map(({ message }) => message).join('\n')).to.match(reason);
    });
  }
  it('have an effect beside allow and deny in one policy, which the gate refuses', () => {
    const problemsOf = createRuleChecker(parseModel(exampleFile('priority_model.conf')));
    const problems = problemsOf({ sub: 'alice', res: 'data1', act: 'read', eft: 'intdeterminate' });
    expect(problems.map(({ at }) => at)).to.include('eft');
  });
});
