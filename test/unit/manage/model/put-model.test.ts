import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { putModel } from '../../../../src/manage/model/put-model.ts';
import { MODEL_PATH, openManagedGate } from '../../../support/managed-gate.ts';
import type { ManagedGate } from '../../../support/managed-gate.ts';

describe('a model with its rules', () => {
  let gate: ManagedGate;
  beforeEach(async () => {
    gate = await openManagedGate();
  });
  afterEach(async () => {
    await gate.close();
  });

  const everything = { srv: '*', act: '*', path: '**', cond: 'true', eft: 'allow' };
  const administer = { ...everything, sub: 'role:admin', res: 'gate:*' };
  const reading = (index: number) => ({
    ...everything,
    sub: 'role:reader',
    res: 'contents',
    act: 'read',
    path: `/lectures/${index}/**`,
  });

  it('is put in force while requests go on, however many rules come and go', async () => {
    const { management, root } = gate;
    const text = await readFile(MODEL_PATH, 'utf8');
    const rules = Array.from({ length: 1000 }, (_, index) => reading(index));
    const turns = await turnsDuring(async () => {
      await putModel(management, root, { text, rules: [administer, ...rules] });
      await putModel(management, root, { text, rules: [administer] });
    });
    expect(management.decider.current.size.rules).to.equal(1);
    // reading and building the policy takes some twenty by itself
    expect(turns).to.be.greaterThan(100);
  });

  it('names every rule that is wrong', async () => {
    const { management, root } = gate;
    const text = await readFile(MODEL_PATH, 'utf8');
    const rules = [reading(0), { ...reading(1), eft: 'maybe' }, { ...reading(2), cond: 'r.own ==' }];
    const before = await gate.revision();
    const error = await putModel(management, root, { text, rules }).catch((caught: unknown) => caught);
    expect(error).to.have.property('problems').that.has.lengthOf(2);
    expect(error)
      .to.have.nested.property('problems[0].at')
      .that.matches(/^rules\.1\./);
    expect(error)
      .to.have.nested.property('problems[1].at')
      .that.matches(/^rules\.2\./);
    expect(await gate.revision()).to.equal(before);
  });
});

/** How often something else could run. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isRunning = true;
  const look = (): void => {
    turns += 1;
    if (isRunning) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isRunning = false;
  return turns;
}
