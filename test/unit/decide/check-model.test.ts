import { expect } from 'chai';
import { Config } from 'casbin';
import { checkModel } from '../../../src/decide/check-model.ts';
import { parseModel } from '../../../src/decide/parse-model.ts';
import { checkRule } from '../../../src/decide/check-rule.ts';
import { readConf } from '../../../src/decide/read-conf.ts';
import { DEFAULT_MODEL, failure, grant, modelText, rule } from '../../support/decide-policy.ts';
import type { FieldProblem } from '../../../src/core/errors.ts';

const strict = { allowDefaultAllow: false };

describe('the default model', () => {
  it('is read as it is documented', () => {
    const model = parseModel(DEFAULT_MODEL);
    expect(model.request.map((token) => token.name)).to.deep.equal([
      'sub',
      'srv',
      'res',
      'act',
      'path',
      'own',
      'msg',
      'cell',
      'ip',
      'time',
    ]);
    expect(model.columns.map((column) => [column.name, column.defaultValue])).to.deep.equal([
      ['sub', ''],
      ['srv', '*'],
      ['res', ''],
      ['act', ''],
      ['path', '**'],
      ['cond', 'true'],
      ['eft', 'allow'],
    ]);
    expect(model.effect).to.equal('allow-and-deny');
    expect(model.tie).to.deep.equal({ column: 0, kind: 'g' });
  });
});

describe('a model text', () => {
  it('is read as Casbin reads it', () => {
    const texts = [
      DEFAULT_MODEL,
      '[matchers]\nm = a && \\\n  b \\\n# between\n\n && c # after\n',
      '\uFEFF[request_definition]\r\nr = sub, act\r\n[matchers]\r\nm = r.sub == "a=b"\r\n',
      '[policy_effect] ; why\ne=some(where (p.eft == allow))',
    ];
    for (const text of texts) {
      const problems: FieldProblem[] = [];
      const casbin = Config.newConfigFromText(text);
      for (const { section, key, value } of readConf(text, problems))
        expect(value).to.equal(casbin.getString(`${section}::${key}`));
      expect(problems).to.deep.equal([]);
    }
  });

  const broken: [string, string, string, RegExp][] = [
    [
      'a `#` in quotes',
      modelText({ m: "r.sub == p.sub && r.path == '/a#b'" }),
      'line 10',
      /comment even inside quotes/,
    ],
    [
      'a `;` in quotes',
      modelText({ m: 'r.sub == p.sub && r.path == "/a;b"' }),
      'line 10',
      /comment even inside quotes/,
    ],
    [
      'an unknown section',
      `${modelText({})}[constraint_definition]\nc = x\n`,
      'line 11',
      /no section `\[constraint_definition\]`/,
    ],
    ['a section twice', `${modelText({})}[matchers]\n`, 'line 11', /there twice/],
    ['a second matcher', `${modelText({})}m2 = r.sub == p.sub\n`, 'line 11', /`m2` is not supported/],
    ['a definition twice', `${modelText({})}m = r.sub == p.sub\n`, 'line 11', /defined twice/],
    ['another key', `${modelText({})}x = 1\n`, 'line 11', /expected `m = …`/],
    ['a line without `=`', `${modelText({})}what\n`, 'line 11', /expected `KEY = VALUE`/],
    ['a definition before any section', `r = sub\n${modelText({})}`, 'line 1', /expected a section/],
    ['an end that goes on', `${modelText({})}m2 = a \\\n`, 'line 11', /nothing follows/],
    ['an unknown token', modelText({ r: 'sub, verb' }), 'line 2', /no `verb`; it has sub, srv/],
    ['a token every object has', modelText({ r: 'sub, constructor' }), 'line 2', /no `constructor`/],
    ['a token twice', modelText({ r: 'sub, sub' }), 'line 2', /there twice/],
    [
      'one column under two names',
      modelText({ p: 'sub, srv, res, obj, act, path, cond, eft' }),
      'line 4',
      /two names for one column/,
    ],
    ['a name that is none', modelText({ p: 'sub, a-b' }), 'line 4', /expected names/],
    ['an effect nobody knows', modelText({ e: 'some(where (p.eft == deny))' }), 'line 8', /expected one of/],
    ['roles of four', modelText({ g: '_, _, _, _' }), 'line 6', /expected `g = _, _`/],
    ['a matcher that cannot be read', modelText({ m: 'g(r.sub, p.sub, r.srv' }), 'line 10', /cannot be read/],
    [
      'a matcher beyond the allow-list',
      modelText({ m: 'g(r.sub, p.sub, r.srv) && this' }),
      'line 10',
      /`this`/,
    ],
    [
      'an effect that allows by default',
      modelText({ e: '!some(where (p.eft == deny))' }),
      'line 8',
      /--allow-default-allow/,
    ],
    ['a matcher without rules', modelText({ m: "r.sub == 'root'" }), 'line 10', /names no `p.` column/],
    [
      'subjectPriority over other columns',
      modelText({ e: 'subjectPriority(p.eft) || deny' }),
      'line 8',
      /p = sub, obj/,
    ],
    ['nothing at all', '', 'line 1', /`r = …` in `\[request_definition\]` is missing/],
  ];
  for (const [what, text, at, message] of broken) {
    it(`with ${what} is refused with its line`, async () => {
      const error = await failure(() => checkModel(text, [], strict));
      expect(error.code).to.equal('MODEL_INVALID');
      expect(
        error.problems.find((problem) => problem.at === at && message.test(problem.message)),
        JSON.stringify(error.problems),
      ).to.not.equal(undefined);
    });
  }

  it('is refused with all its problems at once', async () => {
    const error = await failure(() =>
      checkModel(modelText({ r: 'sub, verb', e: 'nothing', m: 'x' }), [], strict),
    );
    expect(new Set(error.problems.map((problem) => problem.at))).to.deep.equal(new Set(['line 2', 'line 8']));
  });
  it('may allow by default where the operator said so', () => {
    const text = modelText({ e: '!some(where (p.eft == deny))' });
    expect(checkModel(text, [], { allowDefaultAllow: true }).effect).to.equal('deny-override');
  });
});

describe('a model that would drop what a rule says', () => {
  const rules = [
    rule(1, { sub: 'alice', res: 'contents', act: 'read' }),
    rule(2, { sub: 'alice', res: 'contents', act: 'read', eft: 'deny' }),
    rule(3, { sub: 'alice', res: 'kernels', act: 'read', cond: 'r.own == r.sub' }),
    rule(4, { sub: 'alice', srv: 'lab', res: 'contents', act: 'read', path: '/pub/**' }),
  ];
  const cases: [string, string, string[]][] = [
    ['eft as a column', modelText({ p: 'sub, srv, res, act, path, cond' }), ['rule 2']],
    ['eft in its effect', modelText({ e: 'some(where (p.eft == allow))' }), ['rule 2']],
    [
      'cond as a column',
      modelText({
        p: 'sub, srv, res, act, path, eft',
        m: 'g(r.sub, p.sub, r.srv) && labelMatch(r.srv, p.srv) && r.res == p.res && r.act == p.act && pathMatch(r.path, p.path, r.sub)',
      }),
      ['rule 3'],
    ],
    [
      'cond in its matcher',
      modelText({
        m: 'g(r.sub, p.sub, r.srv) && labelMatch(r.srv, p.srv) && r.res == p.res && r.act == p.act && pathMatch(r.path, p.path, r.sub)',
      }),
      ['rule 3'],
    ],
    [
      'srv and path',
      modelText({
        p: 'sub, res, act, cond, eft',
        m: 'g(r.sub, p.sub, r.srv) && r.res == p.res && r.act == p.act && eval(p.cond)',
      }),
      ['rule 4', 'rule 4'],
    ],
    ['the token a condition names', modelText({ r: 'sub, srv, res, act, path' }), ['rule 3']],
  ];
  for (const [what, text, expected] of cases) {
    it(`is refused with those rules when it drops ${what}`, async () => {
      const error = await failure(() => checkModel(text, rules, strict));
      expect(error.problems.map((problem) => problem.at)).to.deep.equal(expected);
    });
  }
  it('is refused with the grants that would lose their server', async () => {
    const text = modelText({
      g: '_, _',
      m: 'g(r.sub, p.sub) && labelMatch(r.srv, p.srv) && r.res == p.res && r.act == p.act && pathMatch(r.path, p.path, r.sub) && eval(p.cond)',
    });
    const grants = [grant(7, 'alice', 'role:a'), grant(8, 'alice', 'role:a', { server: 'lab' })];
    const error = await failure(() => checkModel(text, [], { ...strict, grants }));
    expect(error.problems.map((problem) => problem.at)).to.deep.equal(['grant 8']);
  });
  it('is accepted when the rules only hold defaults there', () => {
    const text = modelText({
      p: 'sub, res, act',
      m: 'g(r.sub, p.sub, r.srv) && r.res == p.res && r.act == p.act',
    });
    expect(checkModel(text, rules.slice(0, 1), strict).columns).to.have.length(3);
  });
  it('may name columns in another order or by their usual names', () => {
    const text = modelText({
      p: 'eft, cond, path, act, obj, dom, sub',
      r: 'act, obj, sub, dom, path, owner',
      m: 'g(r.sub, p.sub, r.dom) && labelMatch(r.dom, p.dom) && labelMatch(r.obj, p.obj) && labelMatch(r.act, p.act) && pathMatch(r.path, p.path, r.sub) && eval(p.cond)',
    });
    expect(checkModel(text, [rules[0]!, rules[1]!, rules[3]!], strict).tie).to.deep.equal({
      column: 6,
      kind: 'g',
    });
  });
});

describe('a rule', () => {
  const model = parseModel(DEFAULT_MODEL);
  it('is stored with every column by its field name', () => {
    expect(checkRule({ sub: 'Alice', obj: 'contents', act: 'read|write' }, model)).to.deep.equal({
      sub: 'alice',
      srv: '*',
      res: 'contents',
      act: 'read|write',
      path: '**',
      cond: 'true',
      eft: 'allow',
    });
  });
  const base = { sub: 'alice', res: 'contents', act: 'read' };
  const refused: [Record<string, string>, string, string, RegExp][] = [
    [{ ...base, sub: '' }, 'INPUT_INVALID', 'sub', /missing/],
    [{ ...base, sub: '*' }, 'INPUT_INVALID', 'sub', /expected a user/],
    [{ ...base, sub: 'guest:1' }, 'INPUT_INVALID', 'sub', /expected a user/],
    [{ ...base, sub: 'gate:root' }, 'INPUT_INVALID', 'sub', /expected a user/],
    [{ ...base, res: 'content' }, 'INPUT_INVALID', 'res', /received `content`/],
    [{ ...base, res: 'contents|' }, 'INPUT_INVALID', 'res', /received ``/],
    [{ ...base, act: 'delete' }, 'INPUT_INVALID', 'act', /expected read, write, execute/],
    [{ ...base, path: 'pub' }, 'INPUT_INVALID', 'path', /expected a path pattern/],
    [{ ...base, eft: 'Deny' }, 'INPUT_INVALID', 'eft', /expected allow or deny/],
    [{ ...base, when: 'x' }, 'INPUT_INVALID', 'when', /no column of the model; there are sub, srv/],
    [{ ...base, constructor: 'x' }, 'INPUT_INVALID', 'constructor', /no column/],
    [{ ...base, srv: 'a\nb' }, 'INPUT_INVALID', 'srv', /control characters/],
    [{ ...base, cond: 'r.foo == 1' }, 'CONDITION_INVALID', 'cond', /no `r.foo`/],
    [{ ...base, cond: '' }, 'CONDITION_INVALID', 'cond', /empty/],
  ];
  for (const [fields, code, at, message] of refused) {
    it(`is refused with \`${at}\` as ${JSON.stringify(fields[at])}`, async () => {
      const error = await failure(() => checkRule(fields, model));
      expect(error.code).to.equal(code);
      expect(error.problems[0]?.at).to.equal(at);
      expect(error.problems[0]?.message).to.match(message);
    });
  }
  for (const fields of [
    { ...base, sub: 'role:Viewer' },
    { ...base, sub: 'anonymous' },
    { ...base, res: 'gate:*' },
    { ...base, res: '*' },
    { ...base, res: 'kernels|gate:users' },
    { ...base, srv: 'lab1|lab2' },
  ]) {
    it(`is accepted with ${JSON.stringify(fields)}`, () =>
      expect(checkRule(fields, model)['eft']).to.equal('allow'));
  }
  it('tells everything that is wrong at once', async () => {
    const error = await failure(() =>
      checkRule({ sub: '', res: 'x', act: 'y', path: 'z', cond: 'w', eft: 'v' }, model),
    );
    expect(error.problems.map((problem) => problem.at)).to.deep.equal([
      'sub',
      'res',
      'act',
      'path',
      'cond',
      'eft',
    ]);
  });
});
