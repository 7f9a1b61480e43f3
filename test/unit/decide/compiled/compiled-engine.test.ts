import { expect } from 'chai';
import { CASBIN_RULE_LIMIT } from '../../../../src/decide/build-snapshot.ts';
import { checkModel } from '../../../../src/decide/check-model.ts';
import { reasonForCasbin } from '../../../../src/decide/compiled/plan.ts';
import { failure, modelText, question, rule, snapshot } from '../../../support/decide-policy.ts';

const TWICE = 'g(r.sub, p.sub, r.srv) && g(r.sub, p.res, r.srv) && r.act == p.act';
const options = { allowDefaultAllow: true };

describe('a model', () => {
  it('is compiled, the default one too', async () => {
    const rules = [rule(1, { sub: 'alice', res: 'contents', act: 'read' })];
    expect((await snapshot({ rules })).path).to.equal('compiled');
    expect(reasonForCasbin(checkModel(modelText({}), [], options))).to.equal(undefined);
  });
  it('with a part that is not compiled is left to Casbin, and says why', async () => {
    const models = [
      [modelText({ m: TWICE, p: 'sub, res, act, eft' }), /`g` more than once/],
      [modelText({ m: "r.sub == 'alice'", p: 'sub, eft' }), /no column/],
      [modelText({ m: 'g(p.sub, p.res, r.srv)', p: 'sub, res, eft' }), /more than one column/],
    ] as const;
    for (const [model, reason] of models)
      expect(reasonForCasbin(checkModel(model, [], options))).to.match(reason);
    const model = modelText({ m: TWICE, p: 'sub, res, act, eft' });
    expect((await snapshot({ model })).path).to.equal('casbin');
  });
});

describe('a compiled policy', () => {
  it('answers at 20,000 rules of one role without holding up the event loop', async () => {
    const rules = Array.from({ length: 20_000 }, (_, index) =>
      rule(index + 1, { sub: 'role:everyone', res: 'contents', act: 'read', path: `/home/s${index}/**` }),
    );
    const current = await snapshot({ rules });
    const since = process.cpuUsage();
    for (let index = 0; index < 1000; index++) {
      const verdict = current.decide(question({ path: `/home/s${index * 19}/a.ipynb` }));
      expect(verdict.rules).to.deep.equal([index * 19 + 1]);
    }
    // Casbin takes a quarter of a second for each of them
    const { user, system } = process.cpuUsage(since);
    expect((user + system) / 1000).to.be.below(2000);
  }).timeout(60_000);
});

describe('a model that is left to Casbin', () => {
  const model = modelText({ m: TWICE, p: 'sub, res, act, eft' });
  const rulesOf = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      rule(index + 1, { sub: `u${index}`, res: 'files', act: 'read' }),
    );

  it('is refused with the reason beyond the number of rules that Casbin can walk', async () => {
    expect((await snapshot({ model, rules: rulesOf(CASBIN_RULE_LIMIT) })).path).to.equal('casbin');
    const { code, problems } = await failure(() =>
      snapshot({ model, rules: rulesOf(CASBIN_RULE_LIMIT + 1) }),
    );
    expect(code).to.equal('MODEL_INVALID');
    expect(problems[0]?.at).to.match(/^line \d+$/);
    expect(problems[0]?.message).to.match(/`g` more than once, .* at most 1000 rules, received 1001/);
  });
});
