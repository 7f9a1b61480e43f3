import { expect } from 'chai';
import { AppError } from '../../../src/core/errors.ts';
import { followStore } from '../../../src/manage/follow-store.ts';
import { grantRole } from '../../../src/manage/grants/grant-role.ts';
import { ungrantRole } from '../../../src/manage/grants/ungrant-role.ts';
import { applyPreset } from '../../../src/manage/presets/apply-preset.ts';
import { addRole } from '../../../src/manage/roles/add-role.ts';
import { removeRole } from '../../../src/manage/roles/remove-role.ts';
import { addRule } from '../../../src/manage/rules/add-rule.ts';
import { removeRule } from '../../../src/manage/rules/remove-rule.ts';
import { addUser } from '../../../src/manage/users/add-user.ts';
import { changeUser } from '../../../src/manage/users/change-user.ts';
import { removeUser } from '../../../src/manage/users/remove-user.ts';
import { createDecider } from '../../../src/decide/create-decider.ts';
import { codeOf, openManagedGate } from '../../support/managed-gate.ts';
import type { PolicyDocument } from '../../../src/core/policy.ts';
import type { Repositories } from '../../../src/store/store.ts';
import type { ManagedGate } from '../../support/managed-gate.ts';

describe('the policy writer', () => {
  let gate: ManagedGate;
  beforeEach(async () => {
    gate = await openManagedGate();
  });
  afterEach(async () => {
    await gate.close();
  });
  const note = { what: 'test.change', target: 'x' };

  it('answers when the change is durable and in force', async () => {
    const { management, root } = gate;
    await addUser(management, root, { name: 'bob' });
    const written = await grantRole(management, root, { subject: 'bob', role: 'viewer' });
    expect(management.decider.current.revision).to.equal(written.revision);
    expect(await gate.revision()).to.equal(written.revision);
    expect(gate.decide('bob', 'read', 'contents', '/a').allowed).to.equal(true);
    expect(gate.forgotten()).to.equal(1);
  });

  it('drops what is remembered of sign-ins when accounts change, and not when rules and grants do', async () => {
    const { management, root } = gate;
    const forgets = async (change: () => Promise<unknown>): Promise<boolean> => {
      const before = gate.forgotten();
      await change();
      return gate.forgotten() > before;
    };
    const bob = { subject: 'bob', role: 'viewer' };
    expect(await forgets(() => addUser(management, root, { name: 'bob' }))).to.equal(true);
    expect(await forgets(() => grantRole(management, root, bob))).to.equal(false);
    expect(await forgets(() => addRole(management, root, { name: 'reader' }))).to.equal(false);
    expect(
      await forgets(() => addRule(management, root, { sub: 'role:reader', res: 'contents', act: 'read' })),
    ).to.equal(false);
    expect(await forgets(() => ungrantRole(management, root, bob))).to.equal(false);
    expect(await forgets(() => changeUser(management, root, { name: 'bob', active: false }))).to.equal(true);
    expect(await forgets(() => removeUser(management, root, 'bob'))).to.equal(true);
  });

  it('takes every touch of an account for a change that it does not know as a look', async () => {
    const { management, root } = gate;
    await addUser(management, root, { name: 'bob' });
    const before = gate.forgotten();
    await management.writer.change(root, note, async (tx) => {
      await tx.users.find('bob');
      return { result: undefined, changed: true };
    });
    expect(gate.forgotten()).to.equal(before);
    for (const touch of [
      (tx: Repositories) => tx.users.update('bob', { displayName: 'Bob' }),
      (tx: Repositories) => tx.sessions.removeAll('bob'),
      (tx: Repositories) => tx.tokens.revokeAll('bob', 1),
      (tx: Repositories) => tx.links.removeAll('bob'),
      (tx: Repositories) => tx.endings.removeLinks(1),
    ]) {
      const seen = gate.forgotten();
      await management.writer.change(root, note, async (tx) => {
        await touch(tx);
        return { result: undefined, changed: true };
      });
      expect(gate.forgotten(), touch.toString()).to.equal(seen + 1);
    }
  });

  it('builds on the policy in force, and has in force what is stored', async () => {
    const { management, root } = gate;
    const { decider } = management;
    let builds = 0;
    const build = decider.build.bind(decider);
    Object.assign(decider, {
      build: (document: PolicyDocument) => {
        builds++;
        return build(document);
      },
    });
    const expectStored = async (): Promise<void> => {
      expect(decider.current.document()).to.deep.equal(await management.store.read.policy());
    };
    await addUser(management, root, { name: 'bob' });
    await addRole(management, root, { name: 'reader' });
    const expiresAt = gate.clock.now() + 60_000;
    await grantRole(management, root, { subject: 'bob', role: 'reader', expiresAt });
    expect(decider.current.nextMoment).to.equal(expiresAt);
    await expectStored();
    await grantRole(management, root, { subject: 'bob', role: 'reader', expiresAt: null });
    const { result } = await addRule(management, root, { sub: 'role:reader', res: 'contents', act: 'read' });
    await grantRole(management, root, { subject: 'role:reader', role: 'viewer' });
    await expectStored();
    expect(gate.decide('bob', 'read', 'contents', '/a').allowed).to.equal(true);
    await removeRule(management, root, result.id);
    await ungrantRole(management, root, { subject: 'bob', role: 'reader' });
    await expectStored();
    expect(gate.decide('bob', 'read', 'contents', '/a').allowed).to.equal(false);
    await removeRole(management, root, 'viewer');
    await applyPreset(management, root, 'viewer');
    await removeUser(management, root, 'bob');
    await expectStored();
    expect(builds).to.equal(0);
    // what is refused is built whole, which says why
    const circle = grantRole(management, root, { subject: 'role:reader', role: 'reader' });
    expect(await codeOf(circle)).to.equal('ROLE_CYCLE');
    expect(builds).to.equal(1);
    await expectStored();
  });

  it('leaves nothing behind when the edit fails', async () => {
    const { management, root } = gate;
    const failing = management.writer.change(root, note, async (tx) => {
      await tx.grants.insert({
        subject: 'admin',
        role: 'role:viewer',
        server: '*',
        startsAt: null,
        expiresAt: null,
        createdAt: 0,
        createdBy: 'x',
      });
      throw new AppError('NAME_INVALID');
    });
    expect(await codeOf(failing)).to.equal('NAME_INVALID');
    await expectUntouched(gate);
  });

  it('leaves nothing behind when the policy cannot be built', async () => {
    const { management, root } = gate;
    const fields = { sub: 'role:admin', res: 'contents', act: 'read', cond: 'constructor' };
    const failing = management.writer.change(root, note, async (tx) => {
      await tx.rules.insert({ fields, preset: null, createdAt: 0, createdBy: 'x' });
      return { result: undefined, changed: true };
    });
    expect(await codeOf(failing)).to.equal('MODEL_INVALID');
    expect(await management.store.read.rules.findExact(fields)).to.equal(undefined);
    await expectUntouched(gate);
  });

  it('leaves no trace of an edit without effect', async () => {
    const { management, root } = gate;
    const written = await management.writer.change(root, note, async () => ({ result: 7, changed: false }));
    expect(written).to.deep.equal({ result: 7, revision: 1, changed: false });
    await expectUntouched(gate);
  });

  it('runs the precondition inside the transaction, before the edit', async () => {
    const { management, root } = gate;
    let edited = false;
    const precondition = async (): Promise<void> => {
      throw new AppError('PRECONDITION_FAILED');
    };
    const failing = management.writer.change({ ...root, precondition }, note, async () => {
      edited = true;
      return { result: undefined, changed: true };
    });
    expect(await codeOf(failing)).to.equal('PRECONDITION_FAILED');
    expect(edited).to.equal(false);
    await expectUntouched(gate);
  });

  it('counts credentials apart from the policy', async () => {
    const { management, root } = gate;
    const before = await management.store.read.state.counters();
    await management.writer.changeCredentials(root, note, async () => ({ result: undefined, changed: true }));
    const after = await management.store.read.state.counters();
    expect(after).to.deep.equal({ revision: before.revision, credentials: before.credentials + 1 });
    expect(gate.forgotten()).to.equal(1);
  });

  it('lets another process follow, and says for how long it is behind', async () => {
    const { management, root, clock } = gate;
    const replica = createDecider({ clock }, { allowDefaultAllow: false });
    const logged: string[] = [];
    let tell: (counters: { revision: number; credentials: number }) => void = () => {};
    const store = {
      ...management.store,
      watch(listener: typeof tell) {
        tell = listener;
        return () => {};
      },
    };
    const following = followStore({
      store,
      decider: replica,
      clock,
      forget: () => {},
      log: (message) => logged.push(message),
      retryAfter: 5,
    });
    await addUser(management, root, { name: 'bob' });
    tell({ revision: 3, credentials: 0 });
    clock.tick(500);
    expect(following.behindFor()).to.equal(500);
    await until(() => logged.length > 0);
    await grantRole(management, root, { subject: 'bob', role: 'viewer' });
    await until(() => replica.current.revision === 3);
    await until(() => following.behindFor() === 0);
    expect(replica.current.rolesOf('bob', 'default')).to.include('role:viewer');
    following.stop();
  });
});

async function expectUntouched(gate: ManagedGate): Promise<void> {
  expect(await gate.revision()).to.equal(1);
  expect(gate.management.decider.current.revision).to.equal(1);
  expect(await gate.management.store.read.audit.list({ what: 'test.change' }, { limit: 5 })).to.deep.equal(
    [],
  );
  expect(gate.forgotten()).to.equal(0);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
