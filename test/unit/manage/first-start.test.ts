import { chmod, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { hashSecret } from '../../../src/authenticate/secrets.ts';
import { adminToken } from '../../../src/manage/admin-token.ts';
import { firstStart } from '../../../src/manage/first-start.ts';
import { importModelFile } from '../../../src/manage/model/import-model-file.ts';
import { putModel } from '../../../src/manage/model/put-model.ts';
import { watchModelFile } from '../../../src/manage/model/watch-model-file.ts';
import { codeOf, MODEL_PATH, openManagedGate } from '../../support/managed-gate.ts';

describe('the first start', () => {
  it('fills an empty database once, and makes no link that nobody would see', async () => {
    const gate = await openManagedGate({ empty: true });
    try {
      const modelText = await readFile(MODEL_PATH, 'utf8');
      expect(await firstStart(gate.management, modelText)).to.equal(true);
      expect(linksIn(gate.database)).to.deep.equal([]);
      expect(gate.decide('admin', 'write', 'gate:model').allowed).to.equal(true);
      expect(gate.decide('admin', 'execute', 'terminals').allowed).to.equal(true);
      const roles = await gate.management.store.read.roles.list({ limit: 50 });
      expect(roles.map((role) => role.name)).to.include.members([
        'role:viewer',
        'role:editor',
        'role:temporary',
        'role:full',
        'role:admin',
      ]);
      expect(await firstStart(gate.management, modelText)).to.equal(false);
      expect(await gate.revision()).to.equal(1);
      expect(await importModelFile(gate.management, modelText)).to.equal(undefined);
    } finally {
      await gate.close();
    }
  });

  it('leaves an empty database when the model is broken', async () => {
    const gate = await openManagedGate({ empty: true });
    try {
      expect(await codeOf(firstStart(gate.management, '[matchers]'))).to.equal('MODEL_INVALID');
      expect(await gate.management.store.read.policy()).to.equal(undefined);
      expect(await gate.management.store.read.users.find('admin')).to.equal(undefined);
    } finally {
      await gate.close();
    }
  });
});

describe('the model file', () => {
  it('is imported when it differs from the last imported one, and not because the API changed the model', async () => {
    const gate = await openManagedGate();
    try {
      const { management, root } = gate;
      const text = await readFile(MODEL_PATH, 'utf8');
      await putModel(management, root, { text: `${text}\n# by the API` });
      expect(await importModelFile(management, text)).to.equal(undefined);
      expect((await management.store.read.models.current())?.source).to.equal('api');
      const imported = await importModelFile(management, `${text}\n# edited`);
      expect(imported?.result).to.include({ source: 'file', version: 3 });
      expect(await codeOf(importModelFile(management, `${text}\n[nonsense]`))).to.equal('MODEL_INVALID');
      expect((await management.store.read.models.current())?.version).to.equal(3);
      expect(await importModelFile(management, `${text}\n# edited`)).to.equal(undefined);
    } finally {
      await gate.close();
    }
  });

  it('is followed while running, through an editor that renames, and a bad one is reported with its line', async () => {
    const gate = await openManagedGate();
    const path = join(gate.dir, 'model.conf');
    const text = await readFile(MODEL_PATH, 'utf8');
    await writeFile(path, text);
    const imported: Readonly<Record<string, unknown>>[] = [];
    const refused: Readonly<Record<string, unknown>>[] = [];
    const stop = watchModelFile(path, {
      interval: 20,
      importText: (found) => importModelFile(gate.management, found),
      onImported: (details) => void imported.push(details),
      onRefused: (details) => void refused.push(details),
    });
    try {
      await writeFile(`${path}.new`, `${text}\n# renamed`);
      await rename(`${path}.new`, path);
      await until(() => imported.length === 1);
      expect(imported[0]).to.include({ revision: 2 });
      await writeFile(path, text.replace('eval(p.cond)', 'evil(p.cond)'));
      await until(() => refused.length === 1);
      expect(refused[0]).to.include({ code: 'MODEL_INVALID' });
      expect(JSON.stringify(refused[0]?.['problems'])).to.match(/line \d+.*evil/);
      expect(imported).to.have.length(1);
      expect(await gate.revision()).to.equal(2);
    } finally {
      stop();
      await gate.close();
    }
  });
});

describe('the admin token', () => {
  it('is written once with mode 0600 and read again', async () => {
    const data = await mkdtemp(join(tmpdir(), 'gate-token-'));
    try {
      const first = await adminToken({ data, configured: undefined });
      const file = join(data, 'admin.token');
      expect(first.file).to.equal(file);
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      expect(hashSecret((await readFile(file, 'utf8')).trim())).to.equal(first.hash);
      expect(await adminToken({ data, configured: undefined })).to.deep.equal(first);
      const configured = await adminToken({ data, configured: 'a-token-that-is-long-enough' });
      expect(configured).to.deep.equal({ hash: hashSecret('a-token-that-is-long-enough'), file: undefined });
      expect(await codeOf(adminToken({ data, configured: 'short' }))).to.equal('CONFIG_INVALID');
      await chmod(file, 0o600);
      await writeFile(file, '\n');
      expect(await codeOf(adminToken({ data, configured: undefined }))).to.equal('CONFIG_INVALID');
    } finally {
      await rm(data, { recursive: true });
    }
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function linksIn(path: string): unknown[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare('SELECT * FROM gate_links').all();
  } finally {
    database.close();
  }
}
