import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../../../src/store/open-store.ts';
import type { Store } from '../../../../src/store/store.ts';
import { createAuditedStore, movableClock } from '../../../support/audit/audited-store.ts';
import { tamperTests } from '../../../support/audit/tamper-tests.ts';

describe('the audit on SQLite', () => {
  let directory: string;
  let store: Store;
  let hand: Database;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gate-audit-'));
  });
  afterEach(async () => {
    hand.close();
    await store.close();
    await rm(directory, { recursive: true });
  });

  tamperTests(async () => {
    const file = join(directory, 'gate.sqlite');
    const clock = movableClock();
    store = await openStore({ database: `sqlite:${file}`, server: 'default', clock });
    hand = new Database(file);
    return createAuditedStore(store, clock, (statement) => Promise.resolve(void hand.exec(statement)));
  });
});
