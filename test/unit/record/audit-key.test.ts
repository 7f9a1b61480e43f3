import { generateKeyPairSync } from 'node:crypto';
import { appendFile, chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAuditKey, readPublicKeys } from '../../../src/record/audit-key.ts';
import { checkSignature, readLine, signLine } from '../../../src/record/signed-line.ts';
import { makeAuditKey } from '../../support/audit/audited-store.ts';
import { codeOf } from '../../support/managed-gate.ts';

describe('the key of the audit', () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'gate-key-'));
  });
  afterEach(() => rm(data, { recursive: true }));
  const path = (name: string): string => join(data, name);

  it('is made once, for its owner only, and leaves nothing half made', async () => {
    const [first, second] = await Promise.all([openAuditKey(data), openAuditKey(data)]);
    expect(second.id).to.equal(first.id);
    expect((await openAuditKey(data)).id).to.equal(first.id);
    expect((await stat(path('audit.key'))).mode & 0o777).to.equal(0o600);
    expect((await readdir(data)).toSorted()).to.deep.equal(['audit.key', 'audit.pub']);
    expect([...(await readPublicKeys(path('audit.pub'))).keys()]).to.deep.equal([first.id]);
    expect(await readFile(path('audit.pub'), 'utf8')).not.to.contain('PRIVATE');
  });

  it('is closed again when somebody opened it to others', async () => {
    await openAuditKey(data);
    await chmod(path('audit.key'), 0o644);
    await openAuditKey(data);
    expect((await stat(path('audit.key'))).mode & 0o777).to.equal(0o600);
  });

  it('may be one of several whose signatures count: those of other gates on the same database', async () => {
    const own = await openAuditKey(data);
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    await appendFile(path('audit.pub'), other);
    const keys = await readPublicKeys(path('audit.pub'));
    expect(keys.size).to.equal(2);
    expect(keys.has(own.id)).to.equal(true);
  });

  it('is refused when it is none, or of another kind', async () => {
    await writeFile(path('audit.key'), 'nothing');
    expect(await codeOf(openAuditKey(data))).to.equal('CONFIG_INVALID');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
    await writeFile(path('audit.key'), rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(await codeOf(openAuditKey(data))).to.equal('CONFIG_INVALID');
    expect(await codeOf(readPublicKeys(path('none.pub')))).to.equal('CONFIG_INVALID');
  });

  it('signs lines that hold for their exact text alone', () => {
    const { key, keys } = makeAuditKey();
    const line = signLine(key, 'test-1', ['1', 'abc']);
    expect(readLine(line, 'test-1', 2)).to.deep.equal({ kind: 'test-1', fields: ['1', 'abc'], key: key.id });
    expect(readLine(line, 'test-1', 3)).to.equal(undefined);
    expect(readLine(line, 'test-2', 2)).to.equal(undefined);
    expect(checkSignature(line, keys)).to.equal('valid');
    expect(checkSignature(line.replace(',1,', ',2,'), keys)).to.equal('forged');
    expect(checkSignature(`${line}=`, keys)).to.equal('forged');
    expect(checkSignature(line.slice(0, -1), keys)).to.equal('forged');
    expect(checkSignature(line, makeAuditKey().keys)).to.equal('unknown key');
    expect(checkSignature('', keys)).to.equal('unknown key');
  });
});
