import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../../../src/core/clock.ts';
import { openStore } from '../../../../src/store/open-store.ts';
import { expectTakenIn, undo, writeOldAudit } from '../../../support/audit/old-audit.ts';

describe('an audit from before the chain, on SQLite', () => {
  it('is taken in as it is found, sealed by an entry that says so, and can be taken out again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gate-old-'));
    const database = join(directory, 'gate.sqlite');
    const options = { type: 'better-sqlite3', database } as const;
    await writeOldAudit(options, 703);
    const store = await openStore({ database: `sqlite:${database}`, server: 'default', clock: systemClock });
    await expectTakenIn(store, 703);
    await store.close();
    expect(await undo(options)).to.equal(704);
    await rm(directory, { recursive: true });
  });
});
