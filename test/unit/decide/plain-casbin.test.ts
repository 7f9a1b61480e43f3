import { expect } from 'chai';
import { DefaultRoleManager, newEnforcer, newModelFromString } from 'casbin';
import { FUNCTIONS } from '../../../src/decide/functions/functions.ts';
import { requestField } from '../../../src/decide/columns.ts';
import { grant, modelText, question, rule, seeded, snapshot } from '../../support/decide-policy.ts';
import type { GrantRecord, RuleRecord } from '../../../src/core/policy.ts';
import type { Question } from '../../../src/core/question.ts';

/** Plain Casbin with all rules in it, its own role manager, and `*` as any server. */
async function plainCasbin(model: string, rules: readonly RuleRecord[], grants: readonly GrantRecord[]) {
  const enforcer = await newEnforcer(newModelFromString(model));
  const definition = enforcer.getModel();
  for (const { name, call } of FUNCTIONS) await enforcer.addFunction(name, call);
  const columns =
    definition.model
      .get('p')
      ?.get('p')
      ?.tokens.map((token) => token.slice(2)) ?? [];
  const request =
    definition.model
      .get('r')
      ?.get('r')
      ?.tokens.map((token) => requestField(token.slice(2)) as keyof Question) ?? [];
  const rows = rules.map((each) => columns.map((column) => each.fields[column] ?? ''));
  definition.model.get('p')!.get('p')!.policy = [...rows];
  const roles = definition.model.get('g')?.get('g');
  if (roles !== undefined) {
    const size = roles.value.split(',').length;
    const people = new Set([
      ...rules.map((each) => each.fields['sub'] ?? ''),
      ...grants.map((each) => each.subject),
      'u1',
      'u2',
      'u3',
    ]);
    const implied = [...people]
      .filter((name) => !name.includes(':'))
      .map((name) => [name, 'role:everyone', '*']);
    const granted = grants.map((each) => [each.subject, each.role, each.server]);
    roles.policy = [...implied, ...granted].map((row) => row.slice(0, size));
    const manager = new DefaultRoleManager(10);
    await manager.addDomainMatchingFunc((asked, server) => asked === server || server === '*');
    enforcer.setRoleManager(manager);
    definition.sortPoliciesBySubjectHierarchy();
    await enforcer.buildRoleLinks();
  }
  enforcer.sortPolicies();
  return (asked: Question) => {
    const [allowed, row] = enforcer.enforceExSync(...request.map((field) => asked[field]));
    return { allowed, rule: rules[rows.indexOf(row)]?.id };
  };
}

const ALLOW = 'some(where (p.eft == allow))';
const BOTH = 'some(where (p.eft == allow)) && !some(where (p.eft == deny))';
const MATCHER =
  'g(r.sub, p.sub, r.srv) && labelMatch(r.srv, p.srv) && labelMatch(r.res, p.res) && labelMatch(r.act, p.act) && pathMatch(r.path, p.path, r.sub) && eval(p.cond)';
const MODELS: [string, string][] = [
  ['allow-override', modelText({ e: ALLOW, p: 'sub, srv, res, act, path, cond' })],
  ['allow and deny', modelText({ e: BOTH })],
  [
    'priority',
    modelText({ e: 'priority(p.eft) || deny', p: 'priority, sub, srv, res, act, path, cond, eft' }),
  ],
  ['priority by order', modelText({ e: 'priority(p.eft) || deny' })],
  [
    'subjectPriority',
    modelText({
      e: 'subjectPriority(p.eft) || deny',
      r: 'sub, obj, act',
      p: 'sub, obj, act, eft',
      g: '_, _',
      m: 'g(r.sub, p.sub) && labelMatch(r.obj, p.obj) && labelMatch(r.act, p.act)',
    }),
  ],
  [
    'another order and a second way in',
    modelText({
      e: BOTH,
      r: 'act, res, sub, srv, path, own',
      m: `(${MATCHER}) || (r.sub == 'u1' && r.act == p.act)`,
    }),
  ],
  [
    'conjuncts the other way round',
    modelText({
      e: BOTH,
      m: 'eval(p.cond) && pathMatch(r.path, p.path, r.sub) && (labelMatch(r.res, p.res) && g(r.sub, p.sub, r.srv) && labelMatch(r.act, p.act))',
      p: 'eft, sub, res, act, path, cond',
    }),
  ],
  [
    'an access list',
    modelText({
      e: BOTH,
      r: 'sub, res, act',
      g: '',
      p: 'sub, res, act, eft',
      m: 'p.sub == r.sub && r.res == p.res && r.act == p.act',
    }),
  ],
];

describe('an answer from the rules of the asker alone', () => {
  const people = ['u1', 'u2', 'u3'];
  const roles = ['role:everyone', 'role:a', 'role:b', 'role:c', 'role:d'];
  for (const [name, model] of MODELS) {
    it(`is the answer of plain Casbin from all rules: ${name}`, async () => {
      const random = seeded(name.length);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
      const columns = /^p = (.*)$/m.exec(model)?.[1]?.split(', ') ?? [];
      const values: Record<string, () => string> = {
        sub: () => pick([...people, ...roles, 'role:everyone', 'role:d']),
        srv: () => pick(['*', '*', 's1', 's1|s2']),
        res: () => pick(['contents', 'kernels', 'contents|kernels', '*', '*']),
        act: () => pick(['read', 'write', 'read|write', 'read|write']),
        path: () => pick(['**', '**', '/**', '/a/**', '/a', '/*/b', '/{user}/**', '']),
        cond: () =>
          pick(['true', 'true', 'r.own == r.sub', "r.own != ''", "(r.path == '/a' || r.sub == 'u1')"]),
        eft: () => (columns.includes('eft') && random() < 0.3 ? 'deny' : 'allow'),
        priority: () => String(Math.floor(random() * 4)),
      };
      values['obj'] = () => (values['res'] as () => string)();
      const withOwner = /^r = .*own/m.test(model);
      let decided = 0;
      for (let round = 0; round < 14; round++) {
        const rules = Array.from({ length: 1 + Math.floor(random() * 24) }, (_, i) => {
          const fields = Object.fromEntries(columns.map((column) => [column, values[column]!()]));
          return rule(
            i + 1,
            withOwner || fields['cond'] === undefined ? fields : { ...fields, cond: 'true' },
          );
        });
        const servers = model.includes('g = _, _, _') ? ['*', '*', 's1', 's2'] : ['*'];
        const grants = !model.includes('g = ')
          ? []
          : Array.from({ length: Math.floor(random() * 12) }, (_, i) => {
              const from = Math.floor(random() * (people.length + roles.length - 1));
              const chain = [...people, ...roles];
              const to =
                Math.max(from + 1, people.length + 1) +
                Math.floor(random() * (chain.length - Math.max(from + 1, people.length + 1)));
              return grant(i + 1, chain[from]!, chain[to]!, { server: pick(servers) });
            });
        const ours = await snapshot({ model, rules, grants });
        const plain = await plainCasbin(model, rules, grants);
        for (let asked = 0; asked < 25; asked++) {
          const each = question({
            sub: pick([...people, 'role:a']),
            srv: pick(['s1', 's2', 's3']),
            res: pick(['contents', 'kernels', 'gate:users']),
            act: pick(['read', 'write']),
            path: pick(['', '/', '/a', '/a/b', '/u1/x', '/c']),
            own: pick(['', 'u1', 'u2']),
          });
          const expected = plain(each);
          const verdict = ours.decide(each);
          if (expected.rule !== undefined) decided++;
          const seen = { allowed: verdict.allowed, rule: verdict.rules[0] };
          expect(seen, JSON.stringify({ each, rules: rules.map((one) => one.fields), grants })).to.deep.equal(
            expected,
          );
        }
      }
      expect(decided, 'questions that a rule decided').to.be.above(5);
    });
  }
});
