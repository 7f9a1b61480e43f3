import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { systemClock } from '../../../src/core/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { openSqlite } from '../../../src/store/sqlite/open-sqlite.ts';
import type { Store } from '../../../src/store/store.ts';
import { codeOf, rejection } from '../../support/store/rejection.ts';
import { aUser } from '../../support/store/samples.ts';

describe('the SQLite file', () => {
  let directory: string;
  let file: string;
  const open = (path = file): Promise<Store> =>
    openStore({ database: `sqlite:${path}`, server: 'default', clock: systemClock });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gate-file-'));
    file = join(directory, 'data', 'deeper', 'gate.db');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is readable by its owner only, and so are its directory and its helpers', async () => {
    const store = await open();
    await store.transaction(({ users }) => users.insert(aUser('ada')));
    const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    for (const suffix of ['', '-wal', '-shm', '.lock'])
      expect(await mode(file + suffix), suffix).to.equal(0o600);
    expect(await mode(join(directory, 'data'))).to.equal(0o700);
    expect(await mode(join(directory, 'data', 'deeper'))).to.equal(0o700);
    await store.close();
  });

  it('is made private when it was not', async () => {
    file = join(directory, 'gate.db');
    await writeFile(file, '', { mode: 0o644 });
    await (await open()).close();
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });

  it('is locked while a store is open, also under another name, and free afterwards', async () => {
    const store = await open();
    const error = await rejection(open());
    expect(error).to.have.property('code', 'DATABASE_LOCKED');
    expect(error).to.have.property('detail').that.includes(file);
    await symlink(file, join(directory, 'other.db'));
    expect(await codeOf(open(join(directory, 'other.db')))).to.equal('DATABASE_LOCKED');
    await store.close();
    await store.close();
    await (await open()).close();
  });

  it('is locked against other processes, and free as soon as one is killed', async () => {
    const holder = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/support/store/hold-database.ts', `sqlite:${file}`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      await once(holder.stdout, 'data');
      expect(await codeOf(open())).to.equal('DATABASE_LOCKED');
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
    const store = await open();
    expect(await store.read.users.find('ada')).to.deep.equal(aUser('ada'));
    await store.close();
  });

  it('is refused, and left alone, when it is not an SQLite database', async () => {
    file = join(directory, 'notes.txt');
    const text = 'not a database at all\n';
    await writeFile(file, text);
    const error = await rejection(open());
    expect(error).to.have.property('code', 'DATABASE_INVALID');
    expect(error).to.have.property('detail').that.includes('"not a database a"');
    expect(await readFile(file, 'utf8')).to.equal(text);
  });

  it("is refused when it is damaged, another program's, a directory, or in memory", async () => {
    file = join(directory, 'damaged.db');
    await writeFile(file, `SQLite format 3\u0000${'x'.repeat(5000)}`);
    expect(await codeOf(open())).to.equal('DATABASE_INVALID');
    const other = new Database(join(directory, 'other.db'));
    other.exec('CREATE TABLE songs (id integer)').close();
    const foreign = await rejection(open(join(directory, 'other.db')));
    expect(foreign).to.have.property('code', 'DATABASE_INVALID');
    expect(foreign).to.have.property('detail').that.includes('songs');
    expect(await codeOf(open(directory))).to.equal('DATABASE_INVALID');
    expect(await codeOf(open(':memory:'))).to.equal('DATABASE_INVALID');
    expect(await codeOf(open(''))).to.equal('DATABASE_INVALID');
  });

  it('is refused when a newer version migrated it, and free again after the refusal', async () => {
    await (await open()).close();
    const aside = new Database(file);
    aside.exec(`INSERT INTO gate_migrations (timestamp, name) VALUES (1, 'FromTheFuture1')`);
    const error = await rejection(open());
    expect(error).to.have.property('code', 'DATABASE_INVALID');
    expect(error).to.have.property('detail').that.includes('FromTheFuture1');
    aside.exec(`DELETE FROM gate_migrations WHERE timestamp = 1`).close();
    await (await open()).close();
  });

  it('names the kinds of databases there are, and never repeats a password', async () => {
    const refused = openStore({
      database: 'mysql://me:secret@host/db',
      server: 'default',
      clock: systemClock,
    });
    const error = await rejection(refused);
    expect(error).to.have.property('code', 'DATABASE_INVALID');
    expect(error).to.have.property('detail').that.includes('mysql:').and.not.includes('secret');
  });
});

describe('SQLite settings', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gate-pragma-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('waits for the disk in every transaction but a relaxed one, and writes ahead', async () => {
    const backend = await openSqlite(join(directory, 'gate.db'));
    const pragma = async (mode: 'policy' | 'plain' | 'relaxed', name: string): Promise<unknown> => {
      const rows = await backend.transaction(mode, (session) =>
        session.read((manager) => manager.query<Record<string, unknown>[]>(`PRAGMA ${name}`)),
      );
      return rows[0]?.[name];
    };
    const [full, normal] = [2, 1];
    expect(await pragma('policy', 'synchronous')).to.equal(full);
    expect(await pragma('relaxed', 'synchronous')).to.equal(normal);
    expect(await pragma('plain', 'synchronous')).to.equal(full);
    expect(await pragma('plain', 'journal_mode')).to.equal('wal');
    await backend.close();
  });

  it('commits nothing when the file cannot grow, and goes on when it can', async () => {
    const backend = await openSqlite(join(directory, 'gate.db'));
    const insert = (name: string, size: number): Promise<unknown> =>
      backend.transaction('policy', async (session) => {
        for (const index of [1, 2]) {
          await session.write((manager) =>
            manager.insert('Value', { key: `${name}${index}`, value: 'x'.repeat(size) }),
          );
        }
      });
    const limit = (pages: number): Promise<unknown> =>
      backend.transaction('plain', (session) =>
        session.write((manager) => manager.query(`PRAGMA max_page_count = ${pages}`)),
      );
    await limit(60);
    expect(await codeOf(insert('big', 400_000))).to.equal('STORE_UNAVAILABLE');
    await limit(100_000);
    await insert('small', 10);
    const rows = await backend.reader.read((manager) =>
      manager.query<{ key: string }[]>('SELECT key FROM gate_values'),
    );
    expect(rows.map(({ key }) => key)).to.deep.equal(['small1', 'small2']);
    await backend.close();
  });
});
