/** The audit of a whole gate: what gets in, from where, and what the command line says of it. */
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { commandLine } from '../support/command-line.ts';
import type { CommandLine } from '../support/command-line.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { createBrowser } from '../support/sign-in/browser.ts';
import { until } from '../support/until.ts';

interface Entry {
  readonly seq: number;
  readonly what: string;
  readonly actor: string;
  readonly via: string;
  readonly target: string;
  readonly address: string;
  readonly after: Readonly<Record<string, unknown>>;
}

describe('the audit of a running gate', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let cli: CommandLine;
  before(async () => {
    gate = await startGate('--log-level', 'error');
    cli = commandLine({ cwd: gate.notebooks, data: gate.data });
  });
  after(() => gate.stop());

  const entries = async (query: string): Promise<readonly Entry[]> =>
    (await gate.admin('GET', `/audit?${query}`)).body.items;
  const first = async (query: string): Promise<Entry> => {
    await until(async () => (await entries(query)).length > 0, `an entry of ${query}`);
    return (await entries(query))[0]!;
  };

  it('holds refused requests, refused requests to the admin API and refused sign-ins, each with its reason', async () => {
    await gate.admin('POST', '/users', { name: 'grace', password: 'correct horse battery' });
    const token = await gate.person('ada', 'viewer');
    expect(
      (await gate.as(token, 'PUT', '/api/contents/a.txt', { type: 'file', content: '' })).status,
    ).to.equal(403);
    const request = await first('actor=ada&what=request.refused');
    expect(request).to.deep.include({ target: '/a.txt', via: 'proxy', address: '127.0.0.1' });
    expect(request.after).to.deep.include({
      code: 'DENIED_BY_POLICY',
      method: 'PUT',
      act: 'write',
      res: 'contents',
    });

    const { adminUrl } = gate.app;
    await fetch(`${adminUrl}/api/v1/users`, { headers: { authorization: 'Bearer nobody-gave-this-one' } });
    const admin = await first('what=admin.refused');
    expect(admin).to.deep.include({ actor: 'anonymous', target: '/api/v1/users', via: 'api' });
    expect(admin.after).to.deep.equal({ code: 'TOKEN_INVALID', method: 'GET' });

    const browser = createBrowser(gate.url);
    await browser.get('/gate/login');
    await browser.post('/gate/login', { name: 'grace', password: 'wrong' });
    const signIn = await first('what=session.refused');
    expect(signIn).to.deep.include({
      target: 'grace',
      via: 'proxy',
      after: { code: 'CREDENTIALS_WRONG', how: 'password' },
    });
    expect(await entries('what=request.refused&actor=anonymous')).to.deep.equal([]);
  });

  it('counts a flood instead of listing it', async () => {
    const token = await gate.person('flo');
    for (let index = 0; index < 40; index += 1) await gate.as(token, 'GET', `/api/contents/f${index}`);
    await first('actor=flo&what=request.refused');
    expect((await entries('actor=flo&limit=100')).length).to.be.at.most(7);
  });

  it('tells which way a change came, and finds it by person, action, subject and time', async () => {
    await cli('grant', 'ada', 'editor');
    const granted = await first('what=grant.add&subject=ada');
    expect(granted).to.deep.include({ actor: 'gate:root', via: 'cli', target: 'ada role:editor' });
    expect((await first('what=user.add&target=ada')).via).to.equal('api');
    await gate.admin('PUT', '/users/ada/roles/editor', {
      expires_at: new Date(Date.now() + 1000).toISOString(),
    });
    expect((await first('what=grant.end')).via).to.equal('clock');
    const refused = (await entries('subject=ada')).filter(({ what }) => what === 'request.refused');
    expect(refused.map(({ actor }) => actor)).to.include('ada');
    expect(await entries('subject=ada&what=request&actor=flo')).to.deep.equal([]);
    const nouns = (await entries('what=grant&subject=ada')).map(({ what }) => what.split('.')[0]);
    expect(new Set(nouns)).to.deep.equal(new Set(['grant']));
    const [listed] = (
      await cli('audit', 'list', '--action', 'grant', '--subject', 'ada', '--limit', '1', '--json')
    ).json();
    expect(listed.what).to.equal('grant.end');
    expect((await cli('audit', 'list', '--subject', 'ada', '--action', 'request')).out).to.match(
      / {2}write contents: DENIED_BY_POLICY\n/,
    );
    expect((await cli('audit', 'list', '--until', '1d')).out).to.equal('nothing there\n');
    expect((await cli('audit', 'list', '--since', '1h', '--limit', '2')).out).to.match(
      /older ones: --after \d+\n$/,
    );
  });

  it('is exported as lines whose hashes anybody can take again', async () => {
    const { out } = await cli('audit', 'export');
    const lines = out.trimEnd().split('\n');
    let previous = '0'.repeat(64);
    for (const [index, line] of lines.entries()) {
      const { hash, ...entry } = JSON.parse(line) as Readonly<Record<string, unknown>>;
      expect(entry).to.deep.include({ seq: index + 1, previous });
      expect(
        createHash('sha256')
          .update(line.replace(`"hash":"${String(hash)}",`, ''))
          .digest('hex'),
      ).to.equal(hash);
      previous = String(hash);
    }
    expect(lines.length).to.be.greaterThan(10);
    expect((await cli('audit', 'export', '--since', '0s')).out.split('\n').length).to.be.lessThan(3);
  });

  it('is signed at start, with a key for its owner only, and says so in the log whatever its level', async () => {
    const line = gate.log.find((text) => text.includes('audit checkpoint'));
    expect(JSON.parse(line ?? '')).to.include({ number: 1 });
    expect((await stat(join(gate.data, 'audit.key'))).mode & 0o777).to.equal(0o600);
    expect(await readFile(join(gate.data, 'audit.checkpoint'), 'utf8')).to.match(/^gate-checkpoint-1,1,/);
  });

  it('is verified beside the running gate, by the command line and the admin API alike', async () => {
    const ran = await cli('audit', 'verify');
    expect(ran).to.include({ code: 0, err: '' });
    expect(ran.out).to.match(/^the audit is sound: \d+ entries, 1 to \d+, \d+ checkpoints/);
    expect((await gate.admin('GET', '/audit/verification')).body).to.include({ valid: true, problems: 0 });
    const unknown = await cli('audit', 'verify', '--checkpoint', 'none');
    expect(unknown.code).to.equal(2);
    expect(unknown.err).to.contain('neither a checkpoint nor a file');
  });

  it('is signed to its end at stop, and what is done to it afterwards is found', async () => {
    await gate.app.close();
    const log = join(gate.data, 'gate.log');
    await writeFile(log, gate.log.join(''));
    const found = (await cli('audit', 'verify', '--json', '--checkpoint', log)).json();
    const { last, checkpoints } = found;
    expect(found).to.deep.include({ valid: true, covered: last });
    expect(checkpoints, 'one at the start, one at the stop').to.be.at.least(2);

    const hand = new Database(join(gate.data, 'gate.sqlite'));
    hand.exec(
      `DELETE FROM gate_audit WHERE seq = ${last}; DELETE FROM gate_audit_checkpoints WHERE number = ${checkpoints}`,
    );
    hand.exec(
      `UPDATE gate_audit_head SET seq = seq - 1, hash = (SELECT hash FROM gate_audit ORDER BY seq DESC LIMIT 1)`,
    );
    hand.close();
    const cut = await cli('audit', 'verify');
    expect(cut.code).to.equal(1);
    expect(cut.out)
      .to.match(/NOT sound/)
      .and.to.contain(`the audit ends at entry ${last - 1}; checkpoint ${checkpoints} was signed`);
    const elsewhere = await cli(
      'audit',
      'verify',
      '--public-key',
      join(gate.data, 'audit.pub'),
      '--checkpoint',
      log,
    );
    expect(elsewhere.out).to.contain('truncated');
  });
});
