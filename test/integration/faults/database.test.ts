/** The database fails while people work: decisions go on from the snapshot, and nothing is acknowledged that is not stored. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { gateClient } from '../../support/gate-client.ts';
import type { AdminReply, GateClient } from '../../support/gate-client.ts';
import { serve } from '../../support/gate-process.ts';
import type { GateProcess } from '../../support/gate-process.ts';
import { startPostgres } from '../../support/postgres.ts';
import type { PostgresServer } from '../../support/postgres.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';
import { until } from '../../support/until.ts';

const CONTENTS = '/api/contents';

async function read(gate: GateClient, token: string): Promise<{ status: number; code?: string }> {
  const reply = await gate.as(token, 'GET', CONTENTS);
  const { code } = (await reply.json()) as { code?: string };
  return { status: reply.status, ...(code === undefined ? {} : { code }) };
}

const give = (gate: GateClient, name: string): Promise<AdminReply> =>
  gate.admin('PUT', `/users/${name}/roles/role:viewer`);

async function policyAge(gate: RunningGate): Promise<number> {
  const text = await (await fetch(`${gate.app.adminUrl}/metrics`)).text();
  return Number(/^jupyter_gate_policy_age_seconds (\S+)$/m.exec(text)?.[1]);
}

describe('the database fails while people work', function () {
  this.timeout(240_000);

  describe('an SQLite file that another program holds locked', () => {
    let gate: RunningGate;
    let holder: Database;
    before(async () => {
      gate = await startGate();
      holder = new Database(join(gate.data, 'gate.sqlite'));
    });
    after(async () => {
      holder.close();
      await gate?.stop();
    });

    it('holds up writers only, which are answered 503 after five seconds, and work again afterwards', async () => {
      const token = await gate.person('reader', 'viewer');
      await gate.person('waiting');
      expect(await read(gate, token)).to.deep.equal({ status: 200 });
      holder.exec('BEGIN IMMEDIATE');
      const over = new AbortController();
      const writes = Promise.all([give(gate, 'waiting'), give(gate, 'waiting')]).finally(() => over.abort());
      let longest = 0;
      while (!over.signal.aborted) {
        const from = performance.now();
        expect(await read(gate, token)).to.deep.equal({ status: 200 });
        longest = Math.max(longest, performance.now() - from);
      }
      // A process that waits inside SQLite stands still for the five seconds.
      expect(longest, 'ms for the slowest request meanwhile').to.be.below(4000);
      for (const { status, body } of await writes)
        expect([status, body.code]).to.deep.equal([503, 'STORE_UNAVAILABLE']);
      holder.exec('ROLLBACK');
      expect((await gate.admin('GET', '/users/waiting/roles')).body.items).to.deep.equal([]);
      expect((await give(gate, 'waiting')).status).to.be.below(300);
      await until(async () => {
        const { items } = (await gate.admin('GET', '/decisions?subject=reader')).body;
        return items.length > 2;
      }, 'the requests of that time are in the record');
    });
  });

  describe(`a full disk${canMount() ? '' : ' (not run: this account may not mount a small file system)'}`, () => {
    let directory: string;
    let gate: GateProcess | undefined;
    let disk: string | undefined;
    after(async () => {
      gate?.signal('SIGKILL');
      await gate?.ended;
      if (disk !== undefined) execFileSync('umount', [disk]);
      if (directory !== undefined) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    });

    it('stops changes, loses none that was acknowledged, and stops no reader', async function () {
      if (!canMount()) this.skip();
      directory = await mkdtemp(join(tmpdir(), 'gate-disk-'));
      const data = join(directory, 'data');
      execFileSync('mkdir', [data]);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0700', 'tmpfs', data]);
      disk = data;
      gate = serve(directory, ['--data', data, '--notebook-dir', join(directory, 'notebooks')]);
      const started = await gate.ready();
      const token = readFileSync(join(data, 'admin.token'), 'utf8').trim();
      const client = gateClient({ ...started, token, notebooks: join(directory, 'notebooks') });
      const reader = await client.person('reader', 'viewer');
      const filler = await open(join(data, 'filler'), 'w');
      await fill(filler);
      const acknowledged: string[] = [];
      let refused: AdminReply | undefined;
      // The file grows in steps: the pages it has left are used up first.
      for (let count = 0; count < 2000 && refused === undefined; count += 1) {
        const name = `person-${count}`;
        const reply = await client.admin('POST', '/users', { name, display_name: 'x'.repeat(200) });
        if (reply.status < 300) acknowledged.push(name);
        else refused = reply;
      }
      expect([refused?.status, refused?.body.code]).to.deep.equal([503, 'STORE_UNAVAILABLE']);
      expect(await read(client, reader)).to.deep.equal({ status: 200 });
      await filler.truncate(0);
      await filler.close();
      expect((await client.admin('POST', '/users', { name: 'afterwards' })).status).to.equal(201);
      gate.signal('SIGKILL');
      await gate.ended;
      const stored = new Database(join(data, 'gate.sqlite'));
      const names = stored
        .prepare('SELECT name FROM gate_users')
        .all()
        .map(({ name }) => String(name));
      stored.close();
      expect(names.toSorted()).to.deep.equal(['admin', 'reader', 'afterwards', ...acknowledged].toSorted());
    });
  });

  describe('a PostgreSQL that is gone', () => {
    let postgres: PostgresServer;
    let gate: RunningGate;
    before(async () => {
      postgres = await startPostgres();
      gate = await startGate('--database', await postgres.createDatabase(), '--strict-age', '12s');
    });
    after(async () => {
      await gate?.stop();
      await postgres?.stop();
    });

    it('is done without for as long as the policy may be unconfirmed, then everything is refused until it is back', async () => {
      const token = await gate.person('reader', 'viewer');
      await gate.person('other');
      expect(await read(gate, token)).to.deep.equal({ status: 200 });
      await postgres.pause();
      expect(await read(gate, token)).to.deep.equal({ status: 200 });
      const { status, body } = await give(gate, 'other');
      expect([status, body.code]).to.deep.equal([503, 'STORE_UNAVAILABLE']);
      await until(async () => (await policyAge(gate)) > 3, 'the age of the policy rises');
      await until(async () => (await read(gate, token)).code === 'POLICY_STALE', 'requests are refused');
      expect((await read(gate, token)).status).to.equal(503);
      await postgres.resume();
      await until(async () => (await read(gate, token)).status === 200, 'requests are answered again');
      expect(await policyAge(gate)).to.be.below(12);
      expect((await gate.admin('GET', '/users/other/roles')).body.items).to.deep.equal([]);
      await until(async () => (await give(gate, 'other')).status < 300, 'changes are stored again');
    });
  });
});

/** Whether a file system of a few megabytes can be had, as a disk to fill. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function fill(file: { write(chunk: Buffer): Promise<unknown> }): Promise<void> {
  for (const size of [65_536, 4096, 512, 1]) {
    for (let isFull = false; !isFull;)
      isFull = await file.write(Buffer.alloc(size)).then(() => false, isNoSpace);
  }
}

function isNoSpace(error: unknown): boolean {
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return true;
  throw error;
}
