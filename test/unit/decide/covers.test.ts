import { expect } from 'chai';
import { beyond } from '../../../src/decide/covers.ts';
import { createDecider } from '../../../src/decide/create-decider.ts';
import { grant, rule, settableClock, snapshot } from '../../support/decide-policy.ts';

describe('what somebody gives', () => {
  const rules = [
    rule(1, { sub: 'alice', res: 'contents|files', act: 'read|write', path: '/pub/**' }),
    rule(2, { sub: 'role:a', res: 'kernels', act: '*', cond: 'r.own == r.sub' }),
    rule(3, { sub: 'alice', res: 'contents', act: 'write', path: '/pub/frozen/**', eft: 'deny' }),
    rule(4, { sub: 'role:lab', res: 'pages', act: 'read' }),
    rule(5, { sub: 'role:everyone', res: 'static', act: 'read' }),
    rule(6, { sub: 'role:admin', res: 'gate:*', act: 'read' }),
    rule(7, { sub: 'alice', res: '*', act: 'read', path: '' }),
  ];
  const grants = [
    grant(1, 'alice', 'role:a'),
    grant(2, 'alice', 'role:lab', { server: 'lab' }),
    grant(3, 'alice', 'role:admin'),
  ];
  const cases: [string, Record<string, string>, boolean][] = [
    ['the same rule', { res: 'contents', act: 'read', path: '/pub/**' }, true],
    ['a part of it', { res: 'files', act: 'write', path: '/pub/x/*' }, true],
    ['more paths', { res: 'contents', act: 'read', path: '/**' }, false],
    ['any path', { res: 'contents', act: 'read' }, false],
    ['more actions', { res: 'files', act: 'read|execute', path: '/pub/**' }, false],
    ['every resource', { res: '*', act: 'read', path: '/pub/**' }, false],
    ['what is denied in part', { res: 'contents', act: 'write', path: '/pub/**' }, false],
    ['what is beside the denied part', { res: 'contents', act: 'write', path: '/pub/open/**' }, true],
    ['the same condition in other words', { res: 'kernels', act: 'execute', cond: 'r.own==r.sub' }, true],
    ['no condition', { res: 'kernels', act: 'execute' }, false],
    ['another condition', { res: 'kernels', act: 'execute', cond: "r.own != ''" }, false],
    [
      'a condition where none is needed',
      { res: 'files', act: 'read', path: '/pub/**', cond: 'r.own == r.sub' },
      true,
    ],
    ['what is held on one server, for that server', { res: 'pages', act: 'read', srv: 'lab' }, true],
    ['what is held on one server, for all', { res: 'pages', act: 'read' }, false],
    ['what is held on one server, for two', { res: 'pages', act: 'read', srv: 'lab|other' }, false],
    ['what everyone has', { res: 'static', act: 'read' }, true],
    ['the gate by its name', { res: 'gate:users', act: 'read' }, true],
    ['the gate through `*`', { res: 'gate:users|*', act: 'read', path: '' }, false],
    ['a rule that denies', { res: '*', act: '*', eft: 'deny' }, true],
  ];
  for (const [what, fields, held] of cases) {
    it(`${held ? 'may be' : 'may not be'} ${what}`, async () => {
      const current = await snapshot({ rules, grants });
      const given = rule(99, { sub: 'bob', ...fields });
      expect(beyond(current, { subject: 'alice', roles: null }, [given])).to.deep.equal(held ? [] : [given]);
      expect(beyond(current, { subject: 'gate:root', roles: null }, [given])).to.deep.equal([]);
    });
  }
  it('shrinks with the roles of a token', async () => {
    const current = await snapshot({ rules, grants });
    const own = rule(99, { sub: 'bob', res: 'files', act: 'read', path: '/pub/**' });
    const kernels = rule(98, { sub: 'bob', res: 'kernels', act: 'read', cond: 'r.own == r.sub' });
    expect(beyond(current, { subject: 'alice', roles: ['role:a'] }, [own, kernels])).to.deep.equal([own]);
  });
  it('is nothing before a policy is in force', () => {
    const { current } = createDecider({ clock: settableClock() }, { allowDefaultAllow: false });
    const given = rule(1, { sub: 'bob', res: 'static', act: 'read' });
    expect(beyond(current, { subject: 'alice', roles: null }, [given])).to.deep.equal([given]);
  });
});
