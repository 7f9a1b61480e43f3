import { expect } from 'chai';
import type { ObjectRecord } from '../../../src/core/objects.ts';
import { createPolicyJudge } from '../../../src/gate/policy-judge.ts';
import { addRule } from '../../../src/manage/rules/add-rule.ts';
import { grantRole } from '../../../src/manage/grants/grant-role.ts';
import { ungrantRole } from '../../../src/manage/grants/ungrant-role.ts';
import { addUser } from '../../../src/manage/users/add-user.ts';
import { createRevokedKernels } from '../../../src/watch/revoked-kernels.ts';
import type { RevokedKernels } from '../../../src/watch/revoked-kernels.ts';
import { openManagedGate } from '../../support/managed-gate.ts';
import type { ManagedGate } from '../../support/managed-gate.ts';

describe('kernels whose owner lost the right to run code', () => {
  let gate: ManagedGate;
  let kernels: RevokedKernels;
  let there: ObjectRecord[];
  let ended: string[];
  let failing: boolean;

  beforeEach(async () => {
    gate = await openManagedGate();
    [there, ended, failing] = [[], [], false];
    const { management } = gate;
    kernels = createRevokedKernels({
      registry: { all: () => there },
      judge: createPolicyJudge(management.decider),
      decider: management.decider,
      isActive: async (user) => (await management.store.read.users.find(user))?.active === true,
      localTime: management.localTime,
      async end({ id }) {
        if (failing) throw new Error('Jupyter is not there');
        ended.push(id);
      },
      onFailure: () => undefined,
      intervalMs: 3_600_000,
    });
    for (const name of ['ann', 'ben']) await addUser(management, gate.root, { name });
  });
  afterEach(async () => {
    kernels.stop();
    await gate.close();
  });

  const kernelOf = (owner: string): ObjectRecord => ({
    kind: 'kernel',
    id: `of-${owner}`,
    server: 'default',
    owner,
    path: '',
    kernelId: null,
    createdAt: 0,
  });
  const give = (subject: string, role = 'temporary') =>
    grantRole(gate.management, gate.root, { subject, role: `role:${role}`, server: '*' });
  const take = (subject: string) =>
    ungrantRole(gate.management, gate.root, { subject, role: 'role:temporary', server: '*' });

  it('are ended once, and only theirs', async () => {
    there = [kernelOf('ann'), kernelOf('ben')];
    await give('ann');
    await give('ben');
    await kernels.run();
    await take('ann');
    await kernels.run();
    await kernels.run();
    expect(ended).to.deep.equal(['of-ann']);
  });

  it('are tried again when Jupyter could not be told', async () => {
    there = [kernelOf('ann')];
    await give('ann');
    await kernels.run();
    failing = true;
    await take('ann');
    await kernels.run();
    failing = false;
    await kernels.run();
    expect(ended).to.deep.equal(['of-ann']);
  });

  it('go on when the right rests on the address, which is not known here', async () => {
    there = [kernelOf('ann')];
    const fields = { sub: 'ann', res: 'channels', act: 'execute', path: '**' };
    await addRule(gate.management, gate.root, { ...fields, cond: "ipMatch(r.ip, '192.0.2.0/24')" });
    await kernels.run();
    await give('ben');
    await kernels.run();
    expect(ended).to.deep.equal([]);
  });

  it('go on when nobody recorded who started them', async () => {
    there = [kernelOf('?'), kernelOf('')];
    await kernels.run();
    expect(ended).to.deep.equal([]);
  });
});
