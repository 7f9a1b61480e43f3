import { expect } from 'chai';
import type { StoreContext } from '../store-suite.ts';
import { codeOf, rejection } from './rejection.ts';
import { aGrant, aModel, aRule, NOW } from './samples.ts';

export function policyTests(context: StoreContext): void {
  roleTests(context);
  grantTests(context);
  ruleTests(context);
  modelTests(context);
}

function roleTests(context: StoreContext): void {
  it('stores, replaces, lists and removes roles', async () => {
    const viewer = { name: 'role:viewer', description: 'reads', preset: 'viewer', createdAt: NOW };
    await context.store.transaction(async ({ roles }) => {
      await roles.upsert({ ...viewer, description: 'old' });
      await roles.upsert(viewer);
      await roles.upsert({ ...viewer, name: 'role:editor', preset: null });
    });
    const { roles } = context.store.read;
    expect(await roles.find('role:viewer')).to.deep.equal(viewer);
    expect((await roles.list({ limit: 9 })).map((role) => role.name)).to.deep.equal([
      'role:editor',
      'role:viewer',
    ]);
    expect((await roles.list({ limit: 9, after: 'role:editor' })).map((role) => role.name)).to.deep.equal([
      'role:viewer',
    ]);
    await context.store.transaction((write) => write.roles.remove('role:viewer'));
    expect(await roles.find('role:viewer')).to.equal(undefined);
  });
}

function grantTests(context: StoreContext): void {
  it('gives grants ids, finds them exactly, and changes their times', async () => {
    const grant = await context.store.transaction(({ grants }) =>
      grants.insert(aGrant('ada', 'role:a', { expiresAt: NOW })),
    );
    expect(grant.id).to.be.a('number');
    const { grants } = context.store.read;
    expect(await grants.find(grant.id)).to.deep.equal(grant);
    expect(await grants.findExact('ada', 'role:a', '*')).to.deep.equal(grant);
    expect(await grants.findExact('ada', 'role:a', 'other')).to.equal(undefined);
    await context.store.transaction((write) =>
      write.grants.update(grant.id, { expiresAt: null, startsAt: 5 }),
    );
    expect(await grants.find(grant.id)).to.deep.equal({ ...grant, expiresAt: null, startsAt: 5 });
  });

  it('lists and removes grants by subject and role', async () => {
    await context.store.transaction(({ grants }) =>
      grants.insertMany([
        aGrant('ada', 'role:a'),
        aGrant('ada', 'role:b'),
        aGrant('bob', 'role:a'),
        aGrant('bob', 'role:b'),
      ]),
    );
    const { grants } = context.store.read;
    const pairs = async (filter: Parameters<typeof grants.list>[0]): Promise<string[]> =>
      (await grants.list(filter, { limit: 9 })).map(({ subject, role }) => `${subject} ${role}`);
    expect(await pairs({ subject: 'ada' })).to.deep.equal(['ada role:a', 'ada role:b']);
    const [first] = await grants.list({ role: 'role:b' }, { limit: 1 });
    expect(await grants.list({ role: 'role:b' }, { limit: 9, after: first!.id })).to.have.length(1);
    await context.store.transaction((write) => write.grants.removeAll({ subject: 'bob', role: undefined }));
    await context.store.transaction((write) => write.grants.remove(first!.id));
    expect(await pairs({})).to.deep.equal(['ada role:a']);
  });

  it('refuses to remove all grants by an empty filter', async () => {
    await context.store.transaction(({ grants }) => grants.insert(aGrant('ada', 'role:a')));
    const error = await rejection(
      context.store.transaction(({ grants }) => grants.removeAll({ subject: undefined })),
    );
    expect(error).to.be.instanceOf(TypeError);
    expect(await context.store.read.grants.list({}, { limit: 9 })).to.have.length(1);
  });

  it('refuses the same grant twice', async () => {
    await context.store.transaction(({ grants }) => grants.insert(aGrant('ada', 'role:a')));
    const again = context.store.transaction(({ grants }) => grants.insert(aGrant('ada', 'role:a')));
    expect(await codeOf(again)).to.equal('INTERNAL');
  });
}

function ruleTests(context: StoreContext): void {
  it('keeps a rule by field name, whatever fields it has', async () => {
    const fields = { sub: 'role:a', res: 'contents', cond: `r.path == '/ü"\\'`, extra: '' };
    const rule = await context.store.transaction(({ rules }) => rules.insert(aRule(fields, 'viewer')));
    expect(await context.store.read.rules.find(rule.id)).to.deep.equal(rule);
    expect(rule.fields).to.deep.equal(fields);
    expect(await context.store.read.rules.find(rule.id + 1)).to.equal(undefined);
  });

  it('finds a rule by its fields in any order, and refuses it a second time', async () => {
    const rule = await context.store.transaction(({ rules }) => rules.insert(aRule({ sub: 'a', res: 'b' })));
    const reordered = { res: 'b', sub: 'a' };
    expect((await context.store.read.rules.findExact(reordered))?.id).to.equal(rule.id);
    expect(await context.store.read.rules.findExact({ ...reordered, act: '' })).to.equal(undefined);
    const again = context.store.transaction(({ rules }) => rules.insert(aRule(reordered, 'viewer')));
    expect(await codeOf(again)).to.equal('RULE_EXISTS');
    const many = context.store.transaction(({ rules }) =>
      rules.insertMany([aRule({ sub: 'c' }), aRule(reordered)]),
    );
    expect(await codeOf(many)).to.equal('RULE_EXISTS');
    expect(await context.store.read.rules.list({}, { limit: 9 })).to.have.length(1);
  });

  it('goes on after a refused rule: the rest of the transaction is kept', async () => {
    await context.store.transaction(async ({ rules }) => {
      await rules.insert(aRule({ sub: 'a' }));
      expect(await codeOf(rules.insert(aRule({ sub: 'a' })))).to.equal('RULE_EXISTS');
      await rules.insert(aRule({ sub: 'b' }));
    });
    expect(await context.store.read.rules.list({}, { limit: 9 })).to.have.length(2);
  });

  it('lists and removes rules by subject, resource and preset, in the order of their ids', async () => {
    await context.store.transaction(async ({ rules }) => {
      await rules.insert(aRule({ sub: 'role:a', res: 'contents' }, 'viewer'));
      await rules.insert(aRule({ sub: 'role:a', res: 'kernels' }));
      await rules.insert(aRule({ sub: 'role:b', res: 'contents' }));
    });
    const { rules } = context.store.read;
    const count = async (filter: Parameters<typeof rules.list>[0]): Promise<number> =>
      (await rules.list(filter, { limit: 9 })).length;
    expect(await count({ sub: 'role:a' })).to.equal(2);
    expect(await count({ res: 'contents', sub: undefined })).to.equal(2);
    expect(await count({ preset: 'viewer' })).to.equal(1);
    const [first, ...rest] = await rules.list({}, { limit: 9 });
    expect(await rules.list({}, { limit: 9, after: first!.id })).to.deep.equal(rest);
    await context.store.transaction((write) => write.rules.removeAll({ preset: 'viewer' }));
    await context.store.transaction((write) => write.rules.remove(rest[0]!.id));
    expect(await rules.list({}, { limit: 9 })).to.deep.equal([rest[1]]);
  });
}

function modelTests(context: StoreContext): void {
  it('has no policy before the first model', async () => {
    expect(await context.store.read.policy()).to.equal(undefined);
    expect(await context.store.read.models.current()).to.equal(undefined);
  });

  it('puts the newest model in force and keeps the older ones', async () => {
    const first = await context.store.transaction(({ models }) => models.insert(aModel('one')));
    const second = await context.store.transaction(({ models }) => models.insert(aModel('two')));
    const { models } = context.store.read;
    expect(await models.current()).to.deep.equal(second);
    expect(await models.find(first.version)).to.deep.equal(first);
    expect(await models.list({ limit: 9 })).to.deep.equal([first, second]);
    expect(await models.list({ limit: 9, after: first.version })).to.deep.equal([second]);
  });

  it('reads model, rules and grants as of one revision, also within the transaction that writes them', async () => {
    const grant = aGrant('ada', 'role:a', { startsAt: NOW, expiresAt: NOW + 1 });
    const rules = Array.from({ length: 1200 }, (_, index) =>
      aRule({ sub: 'role:a', path: `/p/${index}` }, index ? null : 'viewer'),
    );
    const inside = await context.store.transaction(async (write) => {
      await write.models.insert(aModel('one'));
      await write.rules.insertMany(rules);
      await write.grants.insertMany([grant]);
      await write.state.bumpRevision();
      return write.policy();
    });
    const outside = await context.store.read.policy();
    expect(outside).to.deep.equal(inside);
    expect(outside?.revision).to.equal(1);
    expect(outside?.model.text).to.equal('one');
    expect(outside?.rules.map(({ id: _id, ...rule }) => rule)).to.deep.equal(rules);
    expect(outside?.grants.map(({ id: _id, ...row }) => row)).to.deep.equal([grant]);
  });
}
