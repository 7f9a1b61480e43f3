import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { openAdminListener } from '../../support/admin-client.ts';
import type { AdminListener } from '../../support/admin-client.ts';
import { MODEL_PATH } from '../../support/managed-gate.ts';

describe('the model in the admin API', () => {
  let api: AdminListener;
  let text: string;
  before(async () => {
    text = await readFile(MODEL_PATH, 'utf8');
  });
  beforeEach(async () => {
    api = await openAdminListener();
  });
  afterEach(async () => {
    await api.close();
  });

  const edited = (): string => text.replace('# Who holds which role on which server.', '# Roles.');

  it('puts a model in force, keeps its versions and restores one', async () => {
    const put = await api.send('PUT', '/model', { body: { text: edited() } });
    expect(put.status).to.equal(200);
    expect(put.json).to.include({ version: 2, source: 'api', created_by: 'gate:root', text: edited() });
    expect(put.headers['gate-revision']).to.equal('2');
    const versions = await api.send('GET', '/model/versions');
    expect(versions.json.items.map((model: { version: number }) => model.version)).to.deep.equal([2, 1]);
    const page = await api.send('GET', '/model/versions?limit=1&after=2');
    expect([page.json.items[0].version, page.json.next]).to.deep.equal([1, null]);
    expect((await api.send('GET', '/model/versions/1')).json.text).to.equal(text);
    const restored = await api.send('POST', '/model/versions/1/restore');
    expect(restored.json).to.include({ version: 3, source: 'restore', text });
    expect((await api.send('GET', '/model')).json.version).to.equal(3);
    for (const version of ['9', 'x', '0']) {
      expect((await api.send('POST', `/model/versions/${version}/restore`)).json.code).to.equal(
        'MODEL_UNKNOWN',
      );
    }
  });

  it('raises no revision for the model that is in force', async () => {
    const reply = await api.send('PUT', '/model', { body: { text } });
    expect([reply.status, reply.json.version, reply.headers['gate-revision']]).to.deep.equal([200, 1, '1']);
  });

  it('refuses a broken model with its line, and the running one stays', async () => {
    const broken = text.replace('&& eval(p.cond)', '&& evil(p.cond)');
    const line = text.split('\n').findIndex((row) => row.startsWith('m =')) + 1;
    for (const [method, path] of [
      ['PUT', '/model'],
      ['POST', '/model/check'],
    ] as const) {
      const reply = await api.send(method, path, { body: { text: broken } });
      expect([reply.status, reply.json.code]).to.deep.equal([422, 'MODEL_INVALID']);
      expect(reply.json.errors[0].at).to.equal(`line ${line}`);
      expect(reply.json.errors[0].message).to.match(/evil/);
    }
    expect((await api.send('GET', '/model')).json.version).to.equal(1);
    expect(await api.gate.revision()).to.equal(1);
    expect(api.gate.decide('admin', 'write', 'gate:model').allowed).to.equal(true);
  });

  it('refuses a model that drops a column some rule uses, and lists those rules', async () => {
    const dropped = text.replace('path, cond, eft', 'path, eft').replace(' && eval(p.cond)', '');
    const reply = await api.send('PUT', '/model', { body: { text: dropped } });
    expect(reply.json.code).to.equal('MODEL_INVALID');
    expect(reply.json.errors[0].at).to.match(/^rule \d+$/);
    expect(reply.json.errors[0].message).to.match(/cond/);
  });

  it('takes model and rules together as one revision', async () => {
    const plain = text.replace('path, cond, eft', 'path, eft').replace(' && eval(p.cond)', '');
    const rules = [
      { sub: 'role:admin', res: 'gate:*', act: '*' },
      { sub: 'role:viewer', res: 'contents', act: 'read', path: '/pub/**' },
    ];
    const check = await api.send('POST', '/model/check', { body: { text: plain, rules } });
    expect(check.json).to.deep.include({
      valid: true,
      rules: 2,
      fields: ['sub', 'srv', 'res', 'act', 'path', 'eft'],
    });
    const put = await api.send('PUT', '/model', { body: { text: plain, rules } });
    expect([put.status, put.headers['gate-revision']]).to.deep.equal([200, '2']);
    await api.send('PUT', '/users/anonymous/roles/viewer');
    expect(api.gate.decide('guest:1', 'read', 'contents', '/pub/a').allowed).to.equal(true);
    expect(api.gate.decide('guest:1', 'read', 'contents', '/b').allowed).to.equal(false);
    expect((await api.send('GET', '/rules')).json.items).to.have.lengthOf(2);
  });

  it('names which of the rules sent with a model is wrong', async () => {
    const rules = [
      { sub: 'role:admin', res: 'gate:*', act: '*' },
      { sub: 'role:viewer', res: 'nothing', act: 'read' },
    ];
    const reply = await api.send('PUT', '/model', { body: { text, rules } });
    expect([reply.json.code, reply.json.errors[0].at]).to.deep.equal(['INPUT_INVALID', 'rules.1.res']);
    expect(await api.gate.revision()).to.equal(1);
  });
});
