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

  tamperTests(async () => {
    const clock = movableClock();
    return createAuditedStore(await open(clock), clock, execute);
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
    const work = gates.flatMap((store, gate) =>
      Array.from({ length: 120 }, async (_, index) => {
        const entry = anEntry(systemClock, `${gate}-${index}`);
        if (index % 3 === 0) await store.transaction((tx) => tx.audit.append(entry, entry), { relaxed: true });
        else
          await store.transaction(async (tx) => {
            await tx.state.bumpRevision();
            await tx.audit.append(entry);
            if (index % 5 === 0) throw new RangeError('given up');
          });
        if (index % 20 === 0) await signers[gate]!.sign();
      }).map((written) => written.catch((error: unknown) => expect(error).to.be.instanceOf(RangeError))),
    );
    await Promise.all(work);
    await signers[0]!.sign();
    const log = await openAuditLog(database);
    const verification = await verifyAudit({ audit: log.audit, keys });
    await log.close();
    // of 120: 40 times two, and of 80 those that were not given up
    const perGate = 80 + 80 - Array.from({ length: 120 }, (_, n) => n).filter((n) => n % 3 && n % 5 === 0).length;
    expect(verification).to.deep.include({ valid: true, entries: 3 * perGate, covered: 3 * perGate });
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
