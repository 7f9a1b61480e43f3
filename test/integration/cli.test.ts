/** Every command, as a person types it, against a running gate. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { packageRoot } from '../../src/core/package-root.ts';
import { commandLine } from '../support/command-line.ts';
import type { CommandLine, Ran } from '../support/command-line.ts';
import { until } from '../support/until.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { createBrowser } from '../support/sign-in/browser.ts';

const MODEL = join(packageRoot(), 'model.conf');

describe('the command line against a running gate', function () {
  this.timeout(60_000);
  let gate: RunningGate;
  let cli: CommandLine;
  let cwd: string;

  before(async () => {
    gate = await startGate();
    cwd = await mkdtemp(join(tmpdir(), 'gate-cli-'));
    cli = commandLine({ cwd, data: gate.data });
    await gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)');
  });
  after(async () => {
    await gate?.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  async function done(...argv: string[]): Promise<Ran> {
    const ran = await cli(...argv);
    expect(ran, argv.join(' ')).to.include({ code: 0, err: '' });
    return ran;
  }

  async function added(name: string): Promise<string> {
    await done('user', 'add', name);
    return (await done('token', 'issue', name)).out.trim();
  }

  describe('lockouts', () => {
    it('shows who guessed a password too often, and lets them try again', async () => {
      await done('user', 'add', 'hasty');
      const browser = createBrowser(gate.url);
      await browser.get('/gate/login');
      const statuses: number[] = [];
      for (let count = 0; count < 4; count += 1)
        statuses.push((await browser.post('/gate/login', { name: 'hasty', password: 'a guess' })).status);
      expect(statuses).to.deep.equal([401, 401, 401, 429]);
      const [lockout] = JSON.parse((await done('lockouts', 'list', '--json')).out);
      expect(lockout).to.include({ user: 'hasty', address: '127.0.0.1' });
      await done('lockouts', 'lift', lockout.id);
      expect((await browser.post('/gate/login', { name: 'hasty', password: 'a guess' })).status).to.equal(
        401,
      );
    });
  });

  describe('user', () => {
    it('adds a person with a link that signs them in', async () => {
      const { out } = await done('user', 'add', 'grace', '--display-name', 'Grace H.');
      const url = new URL(/https?:\S+/.exec(out)?.[0] ?? '');
      expect(url.origin).to.equal(gate.url);
      const browser = createBrowser(url.origin);
      expect((await browser.get(url.pathname + url.search)).text).to.contain('Grace H.');
      expect((await browser.post(url.pathname + url.search)).status).to.equal(303);
      expect((await browser.get('/api/me')).status).to.equal(403);
      await done('grant', 'grace', 'viewer');
      const me = await browser.get('/api/me');
      expect(JSON.parse(me.text).identity.username).to.equal('grace');
    });

    it('prints another link, which works too', async () => {
      await done('user', 'add', 'linus');
      const url = new URL((await done('user', 'link', 'linus')).out.trim());
      const browser = createBrowser(url.origin);
      await browser.get(url.pathname + url.search);
      expect((await browser.post(url.pathname + url.search)).status).to.equal(303);
    });

    it('lists and shows people, as a table and as JSON', async () => {
      await done('user', 'add', 'barbara');
      await done('grant', 'barbara', 'editor', '--expires', '2h');
      expect((await done('user', 'list')).out)
        .to.match(/^name +display name +active/m)
        .and.to.match(/^barbara +/m);
      const listed = (await done('user', 'list', '--json')).json();
      expect(listed.map((user: { name: string }) => user.name)).to.include.members(['admin', 'barbara']);
      expect((await done('user', 'show', 'barbara')).out).to.match(/role:editor until 20\d\d-/);
      expect((await done('user', 'show', 'barbara', '--json')).json()).to.include({
        name: 'barbara',
        active: true,
      });
    });

    it('sets a password from standard input, and the person signs in with it', async () => {
      await done('user', 'add', 'edsger');
      expect(await cli.typing('a long enough password', 'user', 'password', 'edsger')).to.include({
        code: 0,
        err: '',
      });
      const browser = createBrowser(gate.url);
      await browser.get('/gate/login');
      const form = { name: 'edsger', password: 'a long enough password' };
      expect((await browser.post('/gate/login', form)).status).to.equal(303);
      const empty = await cli.typing('', 'user', 'password', 'edsger');
      expect(empty).to.include({ code: 1 });
      expect(empty.err).to.contain('the password is empty');
    });

    it('disables a person, lets them in again, and removes them for good', async () => {
      const token = await added('alan');
      await done('grant', 'alan', 'viewer');
      const status = async () => (await gate.as(token, 'GET', '/api/contents')).status;
      expect(await status()).to.equal(200);
      await done('user', 'disable', 'alan');
      expect(await status()).to.equal(401);
      await done('user', 'disable', 'alan', '--undo');
      await done('user', 'remove', 'alan');
      expect(await status()).to.equal(401);
      const again = await cli('user', 'add', 'alan');
      expect(again).to.include({ code: 1, out: '' });
      expect(again.err).to.contain('belonged to somebody who was removed');
    });
  });

  describe('grant', () => {
    it('is in force at the next request, and ungrant too', async () => {
      const token = await added('ada');
      const status = async () => (await gate.as(token, 'GET', '/api/contents/pub/open.ipynb')).status;
      expect(await status()).to.equal(404);
      expect((await done('grant', 'ada', 'temporary')).out).to.match(
        /^ada holds role:temporary as of revision \d+\n$/,
      );
      expect(await status()).to.equal(200);
      expect((await done('ungrant', 'ada', 'temporary')).out).to.match(/^ada does not hold temporary/);
      expect(await status()).to.equal(404);
    });

    it('begins when it was said to begin', async () => {
      await done('user', 'add', 'erin');
      const { out } = await done('grant', 'erin', 'viewer', '--starts', '1h', '--expires', '2h');
      expect(out).to.match(/^erin holds role:viewer from \S+Z until \S+Z as of revision \d+\n$/);
      const [held] = (await done('user', 'show', 'erin', '--json')).json().roles;
      expect(Date.parse(held.starts_at) - Date.now()).to.be.within(3_500_000, 3_600_000);
    });

    it('ends when it was said to end', async () => {
      await done('user', 'add', 'kurt');
      await done('grant', 'kurt', 'role:viewer', '--expires', '2h');
      const [held] = (await done('user', 'show', 'kurt', '--json')).json().roles;
      expect(Date.parse(held.expires_at) - Date.now()).to.be.within(7_100_000, 7_200_000);
      await done('grant', 'kurt', 'viewer', '--expires', 'never');
      expect((await done('user', 'show', 'kurt', '--json')).json().roles[0].expires_at).to.equal(null);
      const wrong = await cli('grant', 'kurt', 'viewer', '--expires', 'soon');
      expect(wrong).to.include({ code: 1 });
      expect(wrong.err).to.contain('`soon` is not a time').and.to.contain('`2h`');
    });

    it('is given to roles and to anonymous too', async () => {
      await done('grant', 'anonymous', 'viewer');
      expect((await gate.as(undefined, 'GET', '/api/contents')).status).to.equal(200);
      await done('ungrant', 'anonymous', 'viewer');
      expect((await gate.as(undefined, 'GET', '/api/contents')).status).to.equal(401);
    });

    it('says which role or person there is not', async () => {
      await done('user', 'add', 'emil');
      const role = await cli('grant', 'emil', 'wizard');
      expect(role).to.include({ code: 1, out: '' });
      expect(role.err).to.contain('there is no such role').and.to.contain('`jupyter-gate role list`');
      const person = await cli('grant', 'nobody-here', 'viewer');
      expect(person.err).to.contain('there is no such user').and.to.contain('`jupyter-gate user list`');
    });
  });

  it('token issues, lists and revokes', async () => {
    await done('user', 'add', 'donald');
    await done('grant', 'donald', 'viewer');
    const issued = (
      await done(
        'token',
        'issue',
        'donald',
        '--note',
        'papermill',
        '--expires',
        '30d',
        '--roles',
        'viewer',
        '--json',
      )
    ).json();
    expect((await gate.as(issued.token, 'GET', '/api/contents')).status).to.equal(200);
    const [listed] = (await done('token', 'list', 'donald', '--json')).json();
    expect(listed).to.include({ id: issued.id, note: 'papermill', audience: 'proxy' });
    expect(listed).not.to.have.property('token');
    expect((await done('token', 'list', 'donald')).out).to.contain('papermill');
    await done('token', 'revoke', 'donald', issued.id);
    expect((await done('token', 'list', 'donald')).out).to.match(/revoked at\n.*\dZ$/m);
    expect((await gate.as(issued.token, 'GET', '/api/contents')).status).to.equal(401);
    expect((await cli('token', 'revoke', 'donald', 'nothing')).err).to.contain('there is no such token');
  });

  it('role and preset list and show what there is; a preset is applied twice without harm', async () => {
    const names = (await done('role', 'list', '--json')).json().map((role: { name: string }) => role.name);
    expect(names).to.include.members([
      'role:viewer',
      'role:editor',
      'role:temporary',
      'role:full',
      'role:admin',
    ]);
    expect((await done('role', 'show', 'viewer')).out)
      .to.match(/^role:viewer: /)
      .and.to.match(/contents/);
    expect((await done('role', 'show', 'viewer', '--json')).json()).to.include({ name: 'role:viewer' });
    await done('role', 'add', 'lab', '--description', 'helps \u001b[2Jin\u202e the lab');
    expect((await done('role', 'list')).out).to.contain('helps \ufffd[2Jin\ufffd the lab');
    await done('role', 'remove', 'lab');
    expect((await cli('role', 'show', 'lab')).err).to.contain('there is no such role');
    expect((await done('preset', 'list', '--json')).json()[0]).to.include({ applied: true });
    expect((await done('preset', 'show', 'viewer', '--json')).json().roles[0].name).to.equal('role:viewer');
    expect((await done('preset', 'apply', 'viewer')).out).to.contain('applied viewer');
  });

  it('rule adds, lists and removes, and the rule decides', async () => {
    const token = await added('sofia');
    const rule = JSON.stringify({ sub: 'sofia', res: 'contents', act: 'read', path: '/pub/**' });
    const id = /added rule (\d+)/.exec((await done('rule', 'add', rule)).out)?.[1] ?? '';
    expect((await gate.as(token, 'GET', '/api/contents/pub')).status).to.equal(200);
    expect((await done('rule', 'list', '--sub', 'sofia', '--json')).json()).to.have.length(1);
    expect((await done('rule', 'list', '--sub', 'sofia')).out).to.contain('/pub/**');
    await done('rule', 'remove', id);
    expect((await gate.as(token, 'GET', '/api/contents/pub')).status).to.equal(404);
    expect((await cli('rule', 'add', '{sub')).err).to.contain('the rule is not JSON');
    const hostile = JSON.stringify({
      sub: 'sofia',
      res: 'files',
      act: 'read',
      path: '/**',
      cond: 'process.exit()',
    });
    expect(await cli('rule', 'add', hostile)).to.include({ code: 1, out: '' });
  });

  it('can answers with its exit code and says why', async () => {
    await done('user', 'add', 'maria');
    await done('grant', 'maria', 'temporary');
    const yes = await done('can', 'maria', 'read', 'contents', '/pub/open.ipynb');
    expect(yes.out).to.match(/^yes: rule \d+/);
    const no = await cli('can', 'maria', 'write', 'contents', '/pub/open.ipynb');
    expect(no).to.include({ code: 1, err: '' });
    expect(no.out).to.match(/^no: DENIED_BY_POLICY/);
    expect(await cli('can', 'maria', 'execute', 'channels', '--owner', 'admin')).to.include({ code: 1 });
    expect((await done('can', 'maria', 'execute', 'channels')).out).to.match(/^yes/);
    expect((await cli('can', 'maria', 'write', 'contents', '/x', '--json')).json().verdict.allowed).to.equal(
      false,
    );
    const unknown = await cli('can', 'maria', 'fly', 'contents');
    expect(unknown.code).to.equal(2);
    expect(unknown.err).to.contain('`fly`').and.to.contain('`read`, `write` or `execute`');
  });

  it('model shows, checks, applies, lists and restores', async () => {
    const text = await readFile(MODEL, 'utf8');
    expect((await done('model', 'show')).out.trim()).to.equal(text.trim());
    const file = join(cwd, 'other.conf');
    await writeFile(file, `# another edition\n${text}`);
    expect((await done('model', 'check', file)).out).to.contain('is a valid model');
    expect((await done('model', 'apply', file)).out).to.match(/^model version 2 is in force/);
    expect((await done('model', 'show', '--json')).json()).to.include({ version: 2 });
    await done('model', 'restore', '1');
    const history = (await done('model', 'history', '--json')).json();
    expect(history.length).to.be.greaterThan(1);
    expect((await done('model', 'history')).out).to.match(/^version +source/);
    expect((await done('model', 'show')).out.trim()).to.equal(text.trim());
    expect((await cli('model', 'restore', '99')).err).to.contain('there is no such model version');
  });

  it('model check and apply refuse a broken model with its line', async () => {
    const file = join(cwd, 'broken.conf');
    await writeFile(file, (await readFile(MODEL, 'utf8')).replace('labelMatch(r.res', 'nameMatch(r.res'));
    for (const words of [
      ['model', 'check'],
      ['model', 'apply'],
    ]) {
      const ran = await cli(...words, file);
      expect(ran).to.include({ code: 1, out: '' });
      expect(ran.err).to.match(/the model is not valid\n +line \d+: .*nameMatch/);
    }
    const missing = await cli('model', 'apply', join(cwd, 'nowhere.conf'));
    expect(missing).to.include({ code: 1, out: '' });
    expect(missing.err).to.contain('cannot read').and.not.to.contain('    at ');
  });

  it('audit list tells who changed what', async () => {
    await done('user', 'add', 'rosalind');
    expect((await done('audit', 'list', '--target', 'rosalind')).out)
      .to.match(/^seq +at +actor +what +target/m)
      .and.to.contain('gate:root');
    const entries = (await done('audit', 'list', '--json')).json();
    expect(entries[0]).to.include.keys('at', 'actor', 'what', 'target', 'revision');
  });

  it('decision list tells what was answered, page by page', async () => {
    const token = await added('emmy');
    for (const path of ['a', 'b', 'c'])
      expect((await gate.as(token, 'GET', `/api/contents/${path}.txt`)).status).to.equal(404);
    const listed = (...more: string[]) => done('decision', 'list', '--subject', 'emmy', ...more);
    await until(async () => (await listed('--json')).json().length === 3, 'the record is written');
    const { out } = await listed('--limit', '2');
    expect(out).to.match(/^at +subject +act +res +path +code/m);
    const after = /older ones: --after (\S+)/.exec(out)?.[1] ?? '';
    const pages = [await listed('--limit', '2', '--json'), await listed('--after', after, '--json')];
    const paths = pages.flatMap((page) => page.json().map((entry: { path: string }) => entry.path));
    expect(paths).to.deep.equal(['/c.txt', '/b.txt', '/a.txt']);
  });

  describe('invitations and connections', () => {
    it('invites by a link, lists the invitation and revokes it', async () => {
      const { out } = await done('invite', '--role', 'viewer', '--expires', '2h', '--uses', '3');
      expect(new URL(out.trim()).origin).to.equal(gate.url);
      const [invitation] = (await done('invitations', 'list', '--json')).json();
      expect(invitation).to.include({ role: 'role:viewer', uses: 3, used: 0 });
      await done('invitations', 'revoke', String(invitation.id));
      const [revoked] = (await done('invitations', 'list', '--json')).json();
      expect(revoked.revoked_at).to.match(/^20\d\d-/);
      const wrong = async (...more: string[]) => (await cli('invite', '--role', 'viewer', ...more)).err;
      expect(await wrong('--expires', '2h', '--uses', 'x')).to.contain('expects a number, received `x`');
      expect(await wrong('--expires', 'never')).to.contain('an invitation ends');
    });

    it('lists what is open, and closes it', async () => {
      const token = await added('margaret');
      await done('grant', 'margaret', 'viewer');
      const socket = new WebSocket(`${gate.url.replace('http', 'ws')}/api/events/subscribe?token=${token}`);
      await once(socket, 'open');
      const closed = once(socket, 'close');
      const [open] = (await done('connections', 'list', '--json')).json();
      expect(open).to.include({ subject: 'margaret', route: 'events.subscribe' });
      await done('connections', 'close', String(open.id));
      expect((await closed)[0]).to.equal(4403);
    });
  });

  describe('what is not understood', () => {
    const misuse: readonly (readonly [line: string, expected: RegExp])[] = [
      ['fly', /there is no command `fly`/],
      ['user', /there is no command `user`\nthere are: user add, user list/],
      ['user fly', /there is no command `user fly`\nthere are: user add/],
      ['policy test', /there is no command `policy test`/],
      ['audit fly', /there is no command `audit fly`\nthere are: audit verify, audit list, audit export/],
      ['grnat ada viewer', /there is no command `grnat ada`/],
      ['user add', /`user add` needs NAME\nusage: jupyter-gate user add NAME/],
      ['grant ada', /`grant` needs ROLE\nusage: jupyter-gate grant SUBJECT ROLE \[--expires T\]/],
      ['user add ada lovelace', /`user add` does not take `lovelace`/],
      ['grant ada viewer --expire 2h', /`--expire` is not an option of `grant`: did you mean `--expires`\?/],
      ['grant ada viewer --expires', /`--expires` needs a value/],
      ['grant ada viewer --expires --json', /`--expires` needs a value/],
      ['user disable ada --undo=no', /`--undo` takes no value, received `no`/],
    ];
    for (const [line, expected] of misuse) {
      it(`\`${line}\` is answered with a sentence and exit code 2`, async () => {
        const ran = await cli(...line.split(' '));
        expect(ran).to.include({ code: 2, out: '' });
        expect(ran.err)
          .to.match(/^jupyter-gate: /)
          .and.to.match(expected);
      });
    }

    it('--help lists every command', async () => {
      for (const argv of [[], ['--help'], ['-h'], ['help'], ['no-such', '--help']]) {
        const { out } = await done(...argv);
        expect(out)
          .to.contain('usage: jupyter-gate')
          .and.to.contain('  grant SUBJECT ROLE')
          .and.to.contain('--notebook-dir');
      }
    });

    it('--help after a command tells that command and its options', async () => {
      for (const argv of [
        ['grant', '--help'],
        ['help', 'grant'],
        ['grant', 'ada', '-h'],
      ])
        expect((await done(...argv)).out).to.equal(
          'usage: jupyter-gate grant SUBJECT ROLE [--expires T] [--starts T] [--server S]\n\n' +
            'gives a role to a person, a role or `anonymous`\n\n' +
            '  --expires T  a duration (`2h`), an RFC 3339 time or `never`\n' +
            '  --starts T   from then on: a duration or an RFC 3339 time; `never` for at once\n' +
            '  --server S   only on this server; every server when left out\n' +
            '  --json       prints JSON\n',
        );
    });

    it('--help after a noun lists what can be done with it', async () => {
      const { out } = await done('audit', '--help');
      expect(out).to.match(/^usage: jupyter-gate audit COMMAND\n\n {2}audit /);
      expect(out).to.contain('  audit list ').and.not.to.contain('user add');
    });
  });

  describe('when the gate cannot be reached', () => {
    it('says where it looked for the admin token', async () => {
      const ran = await commandLine({ cwd })('user', 'list');
      expect(ran).to.include({ code: 1, out: '' });
      expect(ran.err)
        .to.contain(`there is no admin token in ${join(cwd, '.jupyter-gate')}`)
        .and.to.contain('--data DIR');
    });

    it('says that no gate answers', async () => {
      const env = { JUPYTER_GATE_ADMIN_TOKEN: 'a-token-that-is-long-enough' };
      const ran = await commandLine({ cwd, env })('user', 'list', '--admin-port', '1');
      expect(ran).to.include({ code: 1, out: '' });
      expect(ran.err).to.contain('no gate answers at http://127.0.0.1:1').and.to.contain('npm start');
    });

    it('says that the token is not valid', async () => {
      const env = { JUPYTER_GATE_ADMIN_TOKEN: 'a-token-that-is-long-enough' };
      const ran = await commandLine({ cwd, data: gate.data, env })('user', 'list');
      expect(ran).to.include({ code: 1, out: '' });
      expect(ran.err).to.contain('the API token is not valid');
    });

    it('says that something else answers', async () => {
      const port = new URL(gate.url).port;
      const env = { JUPYTER_GATE_ADMIN_TOKEN: 'a-token-that-is-long-enough' };
      const ran = await commandLine({ cwd, env })('user', 'list', '--admin-port', port);
      expect(ran).to.include({ code: 1, out: '' });
      expect(ran.err).not.to.contain('    at ');
    });
  });

  it('migrate names the database it brought up to date', async () => {
    const ran = await commandLine({ cwd, data: join(cwd, 'fresh') })('migrate');
    expect(ran).to.include({ code: 0, err: '' });
    expect(ran.out).to.contain('the sqlite database has the newest schema');
  });
});
