import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/core/package-root.ts';
import { startPostgres } from '../../support/postgres.ts';
import { killNine } from '../../faults/kill-nine.ts';

/** `npm run test:faults` does it a hundred times. */
describe('a gate that is killed while ten writers write', function () {
  this.timeout(300_000);

  before(async () => {
    const script = [join(packageRoot(), 'scripts', 'build.mjs'), '--if-needed'];
    expect((await once(spawn(process.execPath, script), 'close'))[0]).to.equal(0);
  });

  it('has kept every acknowledged change and no half of one, and its audit is sound', async () => {
    const summary = await killNine({ kills: 5, writers: 10 });
    expect(summary.acknowledged).to.be.greaterThan(4);
    expect(summary.checkpoints).to.be.greaterThan(4);
  });

  it('has done so on PostgreSQL too', async () => {
    const server = await startPostgres();
    try {
      const summary = await killNine({ kills: 3, writers: 10, database: await server.createDatabase() });
      expect(summary.acknowledged).to.be.greaterThan(2);
    } finally {
      await server.stop();
    }
  });
});
