import { expect } from 'chai';
import { Client } from 'pg';
import { systemClock } from '../../../src/core/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { AccessRequestRecord } from '../../../src/store/access-requests.ts';
import type { Store } from '../../../src/store/store.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { storeSuite } from '../../support/store-suite.ts';
import { startFreezableProxy } from '../../support/store/freezable-proxy.ts';
import { codeOf, rejection } from '../../support/store/rejection.ts';
import { aDecision, aGrant, aModel, aRule, aUser } from '../../support/store/samples.ts';
import { until } from '../../support/store/until.ts';

type Heard = { readonly revision: number; readonly credentials: number };

const BEYOND = 2 ** 31 + 5;

/** Milliseconds to wait for what takes a few on an idle machine. */
const PATIENCE = 15_000;

describe('the store on PostgreSQL', function () {
  this.timeout(60_000);
  let server: PostgresServer;
  let stores: Store[] = [];

  const open = async (database: string, pollMs = 1000): Promise<Store> => {
    const store = await openStore({ database, server: 'default', clock: systemClock, pollMs });
    stores.push(store);
    return store;
  };
  const listen = (store: Store): Heard[] => {
    const heard: Heard[] = [];
    store.watch((counters) => heard.push(counters));
    return heard;
  };

  before(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
  });
  after(() => server.stop());

  let shared: string | undefined;
  storeSuite(async () => {
    const database = (shared ??= await server.createDatabase());
    return {
      open: (clock = systemClock) => openStore({ database, server: 'default', clock }),
      remove: () => server.clearDatabase(database),
    };
  });

  it('goes on beyond 2^31 rows, and reads the numbers it gives as numbers', async () => {
    const database = await server.createDatabase();
    const store = await open(database);
    const client = new Client({ connectionString: database });
    await client.connect();
    try {
      for (const [table, column] of [
        ['decisions', 'seq'],
        ['grants', 'id'],
        ['rules', 'id'],
        ['models', 'version'],
        ['access_requests', 'id'],
      ])
        await client.query(`ALTER TABLE gate_${table} ALTER COLUMN ${column} RESTART WITH ${BEYOND}`);
    } finally {
      await client.end();
    }
    const asked: Omit<AccessRequestRecord, 'id'> = {
      subject: 'ada',
      server: 'default',
      res: 'contents',
      act: 'write',
      path: '/a',
      address: '::1',
      role: '',
      reason: '',
      status: 'open',
      createdAt: 1,
      decidedAt: null,
      decidedBy: '',
      note: '',
      grantedRole: '',
      expiresAt: null,
    };
    const stored = await store.transaction(async (tx) => {
      await tx.decisions.append([aDecision('one', { at: 1 }), aDecision('two', { at: 1 })]);
      const model = await tx.models.insert(aModel('text'));
      const grant = await tx.grants.insert(aGrant('ada', 'role:viewer'));
      const rule = await tx.rules.insert(aRule({ sub: 'role:viewer' }));
      const request = await tx.accessRequests.insert(asked);
      return [model.version, grant.id, rule.id, request.id];
    });
    expect(stored).to.deep.equal([BEYOND, BEYOND, BEYOND, BEYOND]);
    const decisions = await store.read.decisions.list({}, { limit: 10 });
    expect(decisions.map(({ id }) => id)).to.deep.equal(['two', 'one']);
    expect((await store.read.grants.find(BEYOND))?.id).to.equal(BEYOND);
    expect((await store.read.rules.list({}, { limit: 10 })).map(({ id }) => id)).to.deep.equal([BEYOND]);
    expect((await store.read.accessRequests.find(BEYOND))?.id).to.equal(BEYOND);
    const policy = await store.read.policy();
    expect(policy?.model.version).to.equal(BEYOND);
    expect(policy?.grants.map(({ id }) => id)).to.deep.equal([BEYOND]);
    expect(policy?.rules.map(({ id }) => id)).to.deep.equal([BEYOND]);
    expect(await store.transaction((tx) => tx.decisions.removeBefore(2, 10))).to.equal(2);
  });

  describe('with several gates', () => {
    it('migrates an empty database once, however many open it at the same time', async () => {
      const database = await server.createDatabase();
      const opened = await Promise.all([open(database), open(database), open(database)]);
      await opened[0].transaction(({ users }) => users.insert(aUser('ada')));
      expect(await opened[2].read.users.find('ada')).to.deep.equal(aUser('ada'));
    });

    it("hears of another gate's change at once, long before it would poll, and not of its own", async () => {
      const database = await server.createDatabase();
      const [one, two] = await Promise.all([open(database, 60_000), open(database, 60_000)]);
      const [heardByOne, heardByTwo] = [listen(one), listen(two)];
      await one.transaction(({ state }) => state.bumpRevision());
      await until(() => heardByTwo.length > 0, PATIENCE);
      await one.transaction(({ state }) => state.bumpCredentials());
      await until(() => heardByTwo.length > 1, PATIENCE);
      expect(heardByTwo).to.deep.equal([
        { revision: 1, credentials: 0 },
        { revision: 1, credentials: 1 },
      ]);
      expect(heardByOne).to.deep.equal([]);
    });

    it('hears nothing of a transaction that rolled back, and nothing after it stopped listening', async () => {
      const database = await server.createDatabase();
      const [one, two] = await Promise.all([open(database, 50), open(database, 50)]);
      const heard: Heard[] = [];
      const stop = two.watch((counters) => heard.push(counters));
      await rejection(
        one.transaction(async ({ state }) => {
          await state.bumpRevision();
          throw new RangeError('given up');
        }),
      );
      stop();
      const others = listen(two);
      await one.transaction(({ state }) => state.bumpRevision());
      await until(() => others.length > 0, PATIENCE);
      expect(others).to.deep.equal([{ revision: 1, credentials: 0 }]);
      expect(heard).to.deep.equal([]);
    });

    it('gives no revision twice when both write at the same time', async () => {
      const database = await server.createDatabase();
      const both = await Promise.all([open(database), open(database)]);
      const numbers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          both[index % 2]!.transaction(({ state }) => state.bumpRevision()),
        ),
      );
      expect(numbers.toSorted((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
    });

    it('lets no write of another gate come between a check and the write that rests on it', async () => {
      const database = await server.createDatabase();
      const both = await Promise.all([open(database), open(database)]);
      const won = await Promise.all(
        both.map((store) =>
          store.transaction(async ({ users }) => {
            if (await users.find('ada')) return false;
            await users.insert(aUser('ada'));
            return true;
          }),
        ),
      );
      expect(won.toSorted((a, b) => Number(a) - Number(b))).to.deep.equal([false, true]);
    });

    it('learns the objects that another gate records, and forgets them with it', async () => {
      const database = await server.createDatabase();
      const [one, two] = await Promise.all([open(database), open(database)]);
      await one.objects.record({ kind: 'kernel', id: 'k', owner: 'ada', path: '', kernelId: null });
      await until(() => two.objects.lookup('kernel', 'k')?.owner === 'ada', PATIENCE);
      await two.objects.update({ kind: 'kernel', id: 'k' }, { kernelId: 'x' });
      await until(() => one.objects.lookup('kernel', 'k')?.kernelId === 'x', PATIENCE);
      await one.objects.forget('kernel', 'k');
      await until(() => two.objects.lookup('kernel', 'k') === undefined, PATIENCE);
    });
  });

  describe('when the database is in trouble', () => {
    it('grows older while the server is stopped, says so, and resyncs when it is back', async () => {
      const database = await server.createDatabase();
      const store = await open(database, 50);
      const heard = listen(store);
      await until(() => store.confirmedAge() < 500, PATIENCE);
      await server.pause();
      try {
        await until(() => store.confirmedAge() > 700, PATIENCE);
        expect(await codeOf(store.read.users.list({ limit: 1 }))).to.equal('STORE_UNAVAILABLE');
        expect(await codeOf(store.transaction(({ state }) => state.bumpRevision()))).to.equal(
          'STORE_UNAVAILABLE',
        );
      } finally {
        await server.resume();
      }
      await until(() => store.confirmedAge() < 500, PATIENCE);
      await changeAside(database, `UPDATE gate_counters SET value = 9 WHERE name = 'revision'`);
      await until(() => heard.some(({ revision }) => revision === 9), PATIENCE);
      await store.transaction(({ users }) => users.insert(aUser('ada')));
    });

    it('notices a connection that fell silent and hears of what it missed over a new one', async () => {
      const database = await server.createDatabase();
      const proxy = await startFreezableProxy(server.port);
      try {
        const through = await open(database.replace(`:${server.port}/`, `:${proxy.port}/`), 100);
        const direct = await open(database);
        const heard = listen(through);
        await until(() => through.confirmedAge() < 500, PATIENCE);
        proxy.freeze({ newToo: true });
        await direct.transaction(({ state }) => state.bumpRevision());
        await until(() => through.confirmedAge() > 1500, PATIENCE);
        expect(heard).to.deep.equal([]);
        proxy.thaw();
        await until(() => heard.length > 0, PATIENCE);
        expect(through.confirmedAge()).to.be.below(1500);
        await through.close();
      } finally {
        await proxy.close();
      }
    });

    it('rolls back and recovers when the server ends the connection of a transaction', async () => {
      const database = await server.createDatabase();
      const store = await open(database);
      const work = store.transaction(async (write) => {
        await write.users.insert(aUser('ada'));
        await changeAside(
          database,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()`,
        );
        await write.models.insert(aModel('x'));
      });
      expect(await codeOf(work)).to.equal('STORE_UNAVAILABLE');
      expect(await store.read.users.find('ada')).to.equal(undefined);
      await store.transaction(({ users }) => users.insert(aUser('ada')));
      expect(await store.read.users.find('ada')).to.deep.equal(aUser('ada'));
    });

    it('refuses a server that is not there and a database that is not there, each with its code', async () => {
      const url = new URL(await server.createDatabase());
      url.pathname = '/nowhere';
      const wrong = await rejection(open(url.href));
      expect(wrong).to.have.property('code', 'DATABASE_INVALID');
      expect(wrong).to.have.property('detail').that.includes('nowhere').and.not.includes('word');
      url.password = 'guess';
      expect(await codeOf(open(url.href))).to.equal('DATABASE_INVALID');
      expect(await codeOf(open('postgres://gate:x@127.0.0.1:1/gate'))).to.equal('STORE_UNAVAILABLE');
      expect(await codeOf(open('postgres://gate:%zz@[::1/gate'))).to.equal('DATABASE_INVALID');
    });

    it('refuses a database that a newer version migrated', async () => {
      const database = await server.createDatabase();
      await (await open(database)).close();
      await changeAside(
        database,
        `INSERT INTO gate_migrations (timestamp, name) VALUES (1, 'FromTheFuture1')`,
      );
      const error = await rejection(open(database));
      expect(error).to.have.property('code', 'DATABASE_INVALID');
      expect(error).to.have.property('detail').that.includes('FromTheFuture1');
    });
  });
});

async function changeAside(database: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
