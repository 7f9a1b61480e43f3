import { expect } from 'chai';
import { newEnforcer, newModelFromString, Util } from 'casbin';
import { checkExpression } from '../../../src/decide/check-expression.ts';
import { columnDefault, columnField } from '../../../src/decide/columns.ts';
import { QUESTION_FIELDS } from '../../../src/core/question.ts';
import { modelText } from '../../support/decide-policy.ts';
import type { Scope } from '../../../src/decide/scope.ts';

const request = Object.entries(QUESTION_FIELDS).map(([name, field]) => ({ name, field }));
const columns = ['sub', 'srv', 'res', 'act', 'path', 'cond', 'eft'].map((name) => ({
  name,
  field: columnField(name),
  defaultValue: columnDefault(name),
}));
const condition: Scope = { kind: 'condition', request, columns: [], roleArity: 0 };
const matcher: Scope = { kind: 'matcher', request, columns, roleArity: 3 };

describe('a condition', () => {
  const allowed: [string, string][] = [
    ['true', 'true'],
    ['r.own == r.sub', 'r.own==r.sub'],
    ['r.own == "" || r.own == r.sub', "(r.own=='')||(r.own==r.sub)"],
    ["!(r.own != '?')", "!(r.own!='?')"],
    [
      "between(r.time, '09:00', '12:00') && ipMatch(r.ip, '10.0.0.0/8')",
      "between(r.time,'09:00','12:00')&&ipMatch(r.ip,'10.0.0.0/8')",
    ],
    ["labelMatch(r.act, 'read|write')", "labelMatch(r.act,'read|write')"],
    ["pathMatch(r.path, '/Übung/{user}/**', r.sub)", "pathMatch(r.path,'/Übung/{user}/**',r.sub)"],
    ["r.sub < 'm' && r.msg <= 'n' || 1 >= 2", "((r.sub<'m')&&(r.msg<='n'))||(1>=2)"],
  ];
  for (const [text, canonical] of allowed) {
    it(`may be \`${text}\``, () => {
      const { expression, problems } = checkExpression(text, condition);
      expect(problems).to.deep.equal([]);
      expect(expression?.text).to.equal(canonical);
    });
  }
  it('means the same when its canonical text is read again', () => {
    for (const [, canonical] of allowed)
      expect(checkExpression(canonical, condition).expression?.text).to.equal(canonical);
  });

  const refused: [string, RegExp][] = [
    ['', /empty/],
    ['constructor', /name `constructor`/],
    ['constructor == 1', /name `constructor`/],
    ['r.sub.constructor == 1', /only `r.NAME`/],
    ['r.constructor == 1', /no `r.constructor`/],
    ["r['sub'] == 'a'", /only `r.NAME`/],
    ["r.sub['length'] == 1", /only `r.NAME`/],
    ['r?.sub == r.own', /only `r.NAME`/],
    ['this', /`this`/],
    ['this.r == 1', /only `r.NAME`/],
    ['r_sub == r.own', /name `r_sub`/],
    ['p.sub == r.sub', /may not use `p.sub`/],
    ['g(r.sub, r.own, r.srv)', /no function `g`/],
    ["eval('1')", /no function `eval`/],
    ['eval(p.cond)', /no function `eval`/],
    ['toString()', /no function `toString`/],
    ["labelMatch.call(r.sub, 'a')", /by their name/],
    ["labelMatch(r.act, 'a')(r.sub)", /by their name/],
    ["labelMatch?.(r.act, 'a')", /by their name/],
    ['labelMatch(r.act)', /takes 2 arguments/],
    ['labelMatch(r.act, r.res)', /pattern from the policy/],
    ['labelMatch(r.act, true)', /takes strings/],
    ["pathMatch(r.path, '/a', r.own)", /takes the asker last/],
    ["pathMatch(r.path, '/a/**/b', r.sub)", /only as the last segment/],
    ["between(r.time, '9', '10:00')", /HH:MM/],
    ["between(r.sub, '09:00', '10:00')", /request's time first/],
    ["regexMatch(r.sub, '(a+)+(?=b)')", /not supported/],
    ["keyMatch2(r.path, '/foo/:')", /whole segment/],
    ["ipMatch(r.ip, '10.0.0.0/99')", /CIDR/],
    ["r.time < '2026'", /compare time with `between`/],
    ["labelMatch(r.time, '*')", /compare time with `between`/],
    ["r.act in ('read', 'write')", /`in` is not supported/],
    ['r.sub + r.own == r.sub', /a calculation/],
    ['r.sub', /true or false/],
    ['3', /true or false/],
    ['-1 == 1', /a calculation/],
    ['r.sub === r.own', /`===` is not allowed/],
    ['r.sub & r.own', /`&` is not allowed/],
    ['r.sub == null', /`null` is not allowed/],
    ['r.sub ? true : false', /a choice/],
    ["['a'] == r.sub", /a list/],
    ['r.sub = r.own', /.+/],
    ['`a` == r.sub', /not allowed/],
    ['r.sub == /a/', /cannot be read|a calculation/],
    ['true) || (true', /cannot be read/],
    ['true, true', /several expressions|cannot be read/],
    ['true; true', /`;` is not allowed/],
    ["r.sub == 'a'; r.sub", /`;` is not allowed/],
    ["r.own == '$&'", /`\$` is not allowed/],
    ["r.own == 'a#b'", /`#` is not allowed/],
    ["r.own == 'a\\'b'", /not allowed/],
    ["r.own == 'a\nb'", /one line/],
    ["r.own == 'a r.sub'", /would rewrite/],
    ["r.own == '/r.txt'", /would rewrite/],
    ["r.own == '(p2.x'", /would rewrite/],
    ["r.own == 'eval(p_x)'", /may not hold `eval\(`/],
    ["r.own == 'a in b' && (true)", /may not hold ` in `/],
    [`r.own == "it's"`, /may not hold `'`/],
    ['1e9 == 1', /`1e9` is not allowed/],
    ['('.repeat(500) + 'true' + ')'.repeat(500), /levels of brackets/],
    ['!'.repeat(500) + 'true', /levels of brackets/],
    [`r.own == '${'a'.repeat(2000)}'`, /at most 1024 characters/],
  ];
  for (const [text, reason] of refused) {
    it(`may not be \`${text.slice(0, 50).replace('\n', '\\n')}\``, () => {
      const { expression, problems } = checkExpression(text, condition);
      expect(expression).to.equal(undefined);
      expect(problems.join('\n')).to.match(reason);
    });
  }
});

describe('a matcher', () => {
  it('may use roles, columns and conditions of rules', () => {
    const text =
      'g(r.sub, p.sub, r.srv) && r.obj == p.res && (labelMatch(r.act, p.act) || r.sub == "root") && eval(p.cond)';
    const { expression, problems } = checkExpression(text, matcher);
    expect(problems).to.deep.equal([]);
    expect(expression?.text).to.equal(
      "((g(r.sub,p.sub,r.srv)&&(r.obj==p.res))&&(labelMatch(r.act,p.act)||(r.sub=='root')))&&eval(p.cond)",
    );
  });
  const refused: [string, RegExp][] = [
    ['g(r.sub, p.sub)', /`g` takes 3 arguments/],
    ['eval(r.sub)', /takes one policy column/],
    ["eval('true')", /takes one policy column/],
    ['eval(p.cond, p.sub)', /takes one policy column/],
    ['eval(p.nothing)', /no `p.nothing`; there are `p.sub`/],
    ['eval(p.cond) == true', /a call/],
    ["labelMatch(r.act, 'read|write')", /takes them for operators|Casbin takes them/],
    ['unknown(r.sub, p.sub)', /no function `unknown`/],
    ['!unknown()', /no function `unknown`/],
    ['r.subject == p.sub', /no `r.subject`; there are `r.sub`/],
  ];
  for (const [text, reason] of refused) {
    it(`may not be \`${text}\``, () =>
      expect(checkExpression(text, matcher).problems.join('\n')).to.match(reason));
  }
  it('tells every problem at once', () => {
    expect(checkExpression('r.a == p.b && c(r.sub)', matcher).problems).to.have.length(3);
  });
});

describe('an attack on the evaluator', () => {
  const probe = 'gateProbe';
  const attack = `constructor.getOwnPropertyDescriptor(constructor.getPrototypeOf(constructor), 'constructor').value('return globalThis.${probe} = true')()`;
  const ran = () => (globalThis as Record<string, unknown>)[probe] === true;
  afterEach(() => {
    delete (globalThis as Record<string, unknown>)[probe];
  });
  it('runs JavaScript from a matcher in plain Casbin, and is refused here', async () => {
    const model = newModelFromString(
      modelText({ r: 'sub', p: 'sub', g: '', m: `r.sub == p.sub && ${attack}` }),
    );
    const enforcer = await newEnforcer(model);
    await enforcer.addPolicy('alice');
    enforcer.enforceSync('alice');
    expect(ran()).to.equal(true);
    expect(checkExpression(`r.sub == p.sub && ${attack}`, matcher).expression).to.equal(undefined);
  });
  it('runs JavaScript from a condition in plain Casbin, and is refused here', async () => {
    const enforcer = await newEnforcer(
      newModelFromString(modelText({ r: 'sub', p: 'sub, cond', g: '', m: 'r.sub == p.sub && eval(p.cond)' })),
    );
    await enforcer.addPolicy('alice', attack);
    enforcer.enforceSync('alice');
    expect(ran()).to.equal(true);
    expect(checkExpression(attack, condition).expression).to.equal(undefined);
  });
  it('would change a matcher through `$&` in a literal, which is refused here', () => {
    const changed = Util.replaceEval('m && eval(p_cond)', 'p_cond', "r_own == '$&'");
    expect(changed).to.equal("m && (r_own == 'eval(p_cond)')");
    expect(checkExpression("r.own == '$&'", condition).expression).to.equal(undefined);
  });
});
