/** The audit on PostgreSQL: the same tampering, and several gates that write one chain. */
import { expect } from 'chai';
import { Client } from 'pg';
import { systemClock } from '../../src/core/clock.ts';
import { createCheckpointer } from '../../src/manage/audit/checkpointer.ts';
import { verifyAudit } from '../../src/manage/audit/verify-audit.ts';
import { openAuditLog } from '../../src/store/open-audit-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { anEntry, createAuditedStore, makeAuditKey, movableClock } from '../support/audit/audited-store.ts';
import { expectTakenIn, undo, writeOldAudit } from '../support/audit/old-audit.ts';
import { tamperTests } from '../support/audit/tamper-tests.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

describe('the audit on PostgreSQL', function () {
  this.timeout(120_000);
  let server: PostgresServer;
  let database: string;
  const stores: Store[] = [];
  before(async () => {
    server = await startPostgres();
    database = await server.createDatabase();
  });
  after(() => server.stop());
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await server.clearDatabase(database);
  });

  const open = async (clock = systemClock): Promise<Store> => {
    const store = await openStore({ database, server: 'default', clock });
    stores.push(store);
    return store;
  };

  describe('under another hand', () => {
    tamperTests(async () => {
      const clock = movableClock();
      return createAuditedStore(await open(clock), clock, execute);
    });
  });

  it('is taken in from before the chain as it is found', async () => {
    const options = { type: 'postgres', url: database } as const;
    await writeOldAudit(options, 20);
    await expectTakenIn(await open(), 20);
    await stores.pop()?.close();
    expect(await undo(options)).to.equal(21);
  });

  it('is one sound chain when several gates write at the same time, changes and refusals, and sign', async () => {
    const gates = [await open(), await open(), await open()];
    const { key, keys } = makeAuditKey();
    const signers = await Promise.all(
      gates.map((store) => {
        const kept = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
        const told = { announce: () => {}, alarm: () => expect.fail('nothing is gone') };
        return createCheckpointer({ store, clock: systemClock, key, keys, kept, ...told });
      }),
    );
    const write = async (store: Store, target: string, index: number): Promise<void> => {
      const entry = anEntry(systemClock, target);
      if (index % 3 === 0) {
        await store.transaction((tx) => tx.audit.append(entry, entry), { relaxed: true });
        return;
      }
      const work = store.transaction(async (tx) => {
        await tx.state.bumpRevision();
        await tx.audit.append(entry);
        if (index % 5 === 0) throw new RangeError('given up');
      });
      await (index % 5 === 0
        ? work.catch((error: unknown) => expect(error).to.be.instanceOf(RangeError))
        : work);
    };
    const writers = gates.flatMap((store, gate) =>
      Array.from({ length: 4 }, async (_, writer) => {
        for (let index = 0; index < 20; index += 1) {
          await write(store, `${gate}-${writer}-${index}`, index);
          if (index % 10 === writer) await signers[gate]!.sign();
        }
      }),
    );
    await Promise.all(writers);
    await signers[0]!.sign();
    const log = await openAuditLog(database);
    const verification = await verifyAudit({ audit: log.audit, keys });
    await log.close();
    // of twenty: seven times two, thirteen times one, of which two were given up
    const entries = gates.length * 4 * (14 + 13 - 2);
    expect(verification).to.deep.include({ valid: true, entries, covered: entries });
    expect(verification.checkpoints).to.be.greaterThan(3);
  });

  async function execute(statement: string): Promise<void> {
    const client = new Client({ connectionString: database });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
});
