/** A database as gates wrote it before the audit was a chain, and what must come of it. */
import { expect } from 'chai';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { CreateTables1795305600000 } from '../../../migrations/1795305600000-create-tables.ts';
import { AddInvitations1795395600000 } from '../../../migrations/1795395600000-add-invitations.ts';
import { ChainAudit1795400000000 } from '../../../migrations/1795400000000-chain-audit.ts';
import { verifyAudit } from '../../../src/manage/audit/verify-audit.ts';
import type { Store } from '../../../src/store/store.ts';
import { makeAuditKey } from './audited-store.ts';

const OLD = [CreateTables1795305600000, AddInvitations1795395600000];

/** `count` entries, of which one in the middle is gone, as a rolled back transaction leaves a gap. */
export async function writeOldAudit(options: DataSourceOptions, count: number): Promise<void> {
  const source = await connect(options, OLD);
  await source.runMigrations();
  const rows = Array.from({ length: count }, (_, index) => {
    const id = index + 1;
    return `(${id}, ${1000 + id}, 'ada', '${id % 2 === 0 ? '' : '::1'}', 'user.add', 'u${id}', 'null', '{"b":1, "a":"ü"}', ${id})`;
  });
  await source.query(
    `INSERT INTO gate_audit (id, at, actor, address, what, target, before_json, after_json, revision)
     VALUES ${rows.join(', ')}`,
  );
  await source.query('DELETE FROM gate_audit WHERE id = 2');
  await source.destroy();
}

/** What a store opened on it afterwards must hold. */
export async function expectTakenIn(store: Store, count: number): Promise<void> {
  const { audit } = store.read;
  expect(await verifyAudit({ audit, keys: makeAuditKey().keys })).to.deep.include({
    valid: true,
    entries: count,
    last: count,
  });
  const [seal] = await audit.list({}, { limit: 1 });
  expect(seal).to.deep.include({ what: 'audit.begin', after: { taken_in: count - 1 } });
  expect(await audit.find(2)).to.deep.include({ target: 'u3', via: 'proxy', after: { a: 'ü', b: 1 } });
  await store.transaction((tx) => tx.audit.append({ ...seal!, what: 'test.change' }));
  expect(await verifyAudit({ audit, keys: makeAuditKey().keys })).to.deep.include({
    valid: true,
    last: count + 1,
  });
}

/** Goes back to the old schema: the entries stay. */
export async function undo(options: DataSourceOptions): Promise<number> {
  const source = await connect(options, []);
  const runner = source.createQueryRunner();
  await new ChainAudit1795400000000().down(runner);
  const rows = await source.query<unknown[]>('SELECT id FROM gate_audit');
  await runner.release();
  await source.destroy();
  return rows.length;
}

async function connect(options: DataSourceOptions, migrations: readonly Function[]): Promise<DataSource> {
  const source = new DataSource({
    ...options,
    migrations: [...migrations],
    migrationsTableName: 'gate_migrations',
  });
  return source.initialize();
}
