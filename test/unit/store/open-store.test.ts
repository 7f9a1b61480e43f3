import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/core/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { storeSuite } from '../../support/store-suite.ts';

describe('the store on SQLite', () => {
  storeSuite(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gate-store-'));
    const database = `sqlite:${join(directory, 'gate.db')}`;
    return {
      open: (clock = systemClock) => openStore({ database, server: 'default', clock }),
      remove: () => rm(directory, { recursive: true }),
    };
  });
});
