/** Several gates on one PostgreSQL: what one changes, the others take over without reading the whole policy. */
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { Client } from 'pg';
import type { PolicyDocument } from '../../../src/core/policy.ts';
import { firstStart } from '../../../src/manage/first-start.ts';
import { followStore } from '../../../src/manage/follow-store.ts';
import { grantRole } from '../../../src/manage/grants/grant-role.ts';
import { ungrantRole } from '../../../src/manage/grants/ungrant-role.ts';
import { putModel } from '../../../src/manage/model/put-model.ts';
import { addRule } from '../../../src/manage/rules/add-rule.ts';
import { removeRule } from '../../../src/manage/rules/remove-rule.ts';
import { addUser } from '../../../src/manage/users/add-user.ts';
import { MODEL_PATH, openManagedGate } from '../../support/managed-gate.ts';
import type { ManagedGate } from '../../support/managed-gate.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { until } from '../../support/store/until.ts';

const PATIENCE = 30_000;

interface Replica extends ManagedGate {
  /** How often it built the whole policy since it was opened. */
  readonly builds: () => number;
}

describe('several gates on one PostgreSQL', function () {
  this.timeout(120_000);
  let server: PostgresServer;
  let database: string;
  let replicas: Replica[] = [];
  let stops: (() => void)[] = [];

  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  async function open(): Promise<Replica> {
    const gate = await openManagedGate({ postgres: database });
    if (gate.management.decider.current.revision === 0)
      await firstStart(gate.management, await readFile(MODEL_PATH, 'utf8'));
    const { store, decider } = gate.management;
    let builds = 0;
    const build = decider.build.bind(decider);
    Object.assign(decider, {
      build: (document: PolicyDocument) => {
        builds += 1;
        return build(document);
      },
    });
    const log = (): void => undefined;
    const following = followStore({ store, decider, clock: gate.clock, forget: () => undefined, log });
    stops.push(() => following.stop());
    const replica = { ...gate, builds: () => builds };
    replicas.push(replica);
    return replica;
  }

  beforeEach(async () => {
    database = await server.createDatabase();
    await open();
    await open();
  });
  afterEach(async () => {
    for (const stop of stops) stop();
    for (const replica of replicas) await replica.close();
    [replicas, stops] = [[], []];
  });

  const both = (): readonly [Replica, Replica] => [replicas[0]!, replicas[1]!];

  /** Until all have the newest policy in force, which is the one that is stored. */
  async function expectAgreed(): Promise<void> {
    const [one] = both();
    const stored = await one.management.store.read.policy();
    for (const { management } of replicas) {
      await until(() => management.decider.current.revision === stored?.revision, PATIENCE);
      expect(management.decider.current.document()).to.deep.equal(stored);
    }
  }

  it('takes over grants and rules row by row, whoever writes', async () => {
    const [one, two] = both();
    await addUser(one.management, one.root, { name: 'ada' });
    await grantRole(one.management, one.root, { subject: 'ada', role: 'viewer' });
    await expectAgreed();
    expect(two.decide('ada', 'read', 'contents', '/a').allowed).to.equal(true);
    const { result } = await addRule(two.management, two.root, {
      sub: 'ada',
      res: 'contents',
      act: 'write',
      path: '/**',
    });
    await expectAgreed();
    expect(one.decide('ada', 'write', 'contents', '/a').allowed).to.equal(true);
    // One right after the other, before either can have heard of it.
    await Promise.all([
      removeRule(one.management, one.root, result.id),
      ungrantRole(two.management, two.root, { subject: 'ada', role: 'viewer' }),
      grantRole(one.management, one.root, { subject: 'ada', role: 'editor' }),
    ]);
    await expectAgreed();
    expect(one.decide('ada', 'write', 'contents', '/a').allowed).to.equal(true);
    expect([one.builds(), two.builds()]).to.deep.equal([0, 0]);
  });

  it('reads the whole policy when the model is another one, and goes on row by row', async () => {
    const [one, two] = both();
    await addUser(one.management, one.root, { name: 'ada' });
    const text = `${await readFile(MODEL_PATH, 'utf8')}\n# another one\n`;
    await putModel(one.management, one.root, { text });
    await expectAgreed();
    const builds = two.builds();
    expect(builds).to.be.greaterThan(0);
    await grantRole(one.management, one.root, { subject: 'ada', role: 'viewer' });
    await expectAgreed();
    expect(two.builds()).to.equal(builds);
  });

  for (const [what, body] of [
    ['is missing', 'RETURN NULL'],
    ['does not add up', 'NEW.grants := NEW.grants + 1; RETURN NEW'],
  ] as const) {
    it(`reads the whole policy when what was written down ${what}`, async () => {
      const [one, two] = both();
      await addUser(one.management, one.root, { name: 'ada' });
      await expectAgreed();
      const builds = two.builds();
      const client = new Client({ connectionString: database });
      await client.connect();
      await client.query(
        `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; END $$`,
      );
      await client.query(
        'CREATE TRIGGER spoil BEFORE INSERT ON gate_policy_changes FOR EACH ROW EXECUTE FUNCTION spoil()',
      );
      await client.end();
      await grantRole(one.management, one.root, { subject: 'ada', role: 'viewer' });
      await expectAgreed();
      expect(two.decide('ada', 'read', 'contents', '/a').allowed).to.equal(true);
      expect(two.builds()).to.equal(builds + 1);
    });
  }
});
