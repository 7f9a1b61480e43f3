/** Starting and stopping as a person sees it: the built program in a directory of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/core/package-root.ts';
import { startBareUpstream } from '../support/bare-upstream.ts';
import type { BareUpstream } from '../support/bare-upstream.ts';
import { processesOf, program, serve } from '../support/gate-process.ts';
import type { GateProcess } from '../support/gate-process.ts';
import { createBrowser } from '../support/sign-in/browser.ts';
import { startTokenJupyter } from '../support/token-jupyter.ts';
import type { TokenJupyter } from '../support/token-jupyter.ts';
import { until } from '../support/until.ts';

/** What the admin API answers, as far as these tests look. */
interface Answered {
  readonly token: string;
  readonly items: readonly { readonly role: string }[];
}

describe('the program', function () {
  this.timeout(180_000);
  let cwd: string;
  let bare: BareUpstream;
  const started: GateProcess[] = [];

  before(async () => {
    const script = [join(packageRoot(), 'scripts', 'build.mjs'), '--if-needed'];
    expect((await once(spawn(process.execPath, script), 'close'))[0]).to.equal(0);
    bare = await startBareUpstream();
  });
  after(() => bare.close());
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'gate-start-'));
  });
  afterEach(async () => {
    for (const gate of started.splice(0)) {
      gate.signal('SIGKILL');
      await gate.ended;
    }
    await nothingLeft();
    await rm(cwd, { recursive: true, force: true, maxRetries: 5 });
  });

  function gateHere(...argv: string[]): GateProcess {
    const gate = serve(cwd, argv);
    started.push(gate);
    return gate;
  }

  /** Before a server that is there already: where what Jupyter does is not in question. */
  function gateBeforeBare(...argv: string[]): GateProcess {
    return gateHere('--upstream', bare.origin, ...argv);
  }

  async function nothingLeft(): Promise<void> {
    await until(
      () => processesOf(cwd).length === 0,
      `no process of ${cwd}, found ${processesOf(cwd).join(' | ')}`,
    );
  }

  const data = (name: string): string => join(cwd, '.jupyter-gate', name);

  async function api(adminUrl: string, method: string, path: string, body?: unknown): Promise<Answered> {
    const token = readFileSync(data('admin.token'), 'utf8').trim();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${adminUrl}/api/v1${path}`, sent);
    expect(response.status, `${method} ${path}`).to.be.below(300);
    return (await response.json()) as Answered;
  }

  async function startKernel(url: string, adminUrl: string): Promise<void> {
    const { token } = await api(adminUrl, 'POST', '/users/admin/tokens', {});
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'python3' });
    expect((await fetch(`${url}api/kernels`, { method: 'POST', headers, body })).status).to.equal(201);
    await until(() => processesOf(cwd).some((line) => line.includes('ipykernel')), 'a kernel runs');
  }

  it('prints a link that signs in; Ctrl-C stops gate, Jupyter and kernels; the next start keeps people and roles', async () => {
    const first = gateHere();
    const { url, adminUrl, link } = await first.ready();
    expect(first.out()).to.contain('starting JupyterLab');
    const target = new URL(link ?? '');
    const browser = createBrowser(target.origin);
    expect((await browser.get(target.pathname + target.search)).text).to.contain('Administrator');
    expect((await browser.post(target.pathname + target.search)).status).to.equal(303);
    expect((await browser.get('/lab')).status).to.equal(200);
    const notebooks = JSON.parse((await browser.get('/api/contents')).text).content;
    expect(notebooks.map((file: { name: string }) => file.name)).to.include('welcome.ipynb');
    expect(readFileSync(data('admin.url'), 'utf8')).to.equal(`${adminUrl}\n`);
    expect((await stat(data('admin.token'))).mode & 0o777).to.equal(0o600);
    await api(adminUrl, 'POST', '/users', { name: 'ada' });
    await api(adminUrl, 'PUT', '/users/ada/roles/role:temporary');
    await startKernel(url, adminUrl);

    const at = Date.now();
    first.signal('SIGINT');
    expect(await first.ended).to.deep.equal({ code: 0, signal: null });
    expect(Date.now() - at).to.be.below(15_000);
    expect(first.out()).to.match(/stopping…\n(.*\n)*stopped\n$/);
    expect(first.err()).to.equal('');
    expect(processesOf(cwd)).to.deep.equal([]);
    expect(existsSync(data('admin.url'))).to.equal(false);

    const second = gateHere();
    const again = await second.ready();
    expect((await api(again.adminUrl, 'GET', '/users/ada/roles')).items[0]?.role).to.equal('role:temporary');
    expect((await api(again.adminUrl, 'GET', '/users')).items).to.have.length(2);
    await startKernel(again.url, again.adminUrl);
    second.signal('SIGTERM');
    expect(await second.ended).to.deep.equal({ code: 0, signal: null });
    expect(processesOf(cwd)).to.deep.equal([]);
  });

  it('stops when asked while it is still starting', async () => {
    const gate = gateHere();
    await until(() => gate.out().includes('starting JupyterLab'), 'Jupyter is being started');
    gate.signal('SIGINT');
    expect((await gate.ended).code).to.equal(0);
    expect(gate.out()).to.contain('stopping').and.not.to.contain('ready at');
  });

  describe('in front of an existing server', () => {
    const token = 'the-upstream-secret-token';
    let jupyter: TokenJupyter;
    before(async () => {
      jupyter = await startTokenJupyter(token);
    });
    after(() => jupyter.stop());

    it('works with its token, which no browser ever sees', async () => {
      await writeFile(join(cwd, 'token'), `${token}\n`);
      const gate = gateHere('--upstream', jupyter.origin, '--upstream-token-file', join(cwd, 'token'));
      const { link } = await gate.ready();
      const target = new URL(link ?? '');
      const browser = createBrowser(target.origin);
      await browser.get(target.pathname + target.search);
      expect((await browser.post(target.pathname + target.search)).status).to.equal(303);
      const listing = await browser.get('/api/contents');
      expect(JSON.parse(listing.text).content.map((file: { name: string }) => file.name)).to.include(
        'a.ipynb',
      );
      for (const path of SEEN_BY_BROWSERS) {
        const { status, headers, text } = await browser.get(path);
        expect(status, path).to.be.above(0);
        expect(JSON.stringify([...headers]) + text, path).not.to.contain(token);
      }
      gate.signal('SIGTERM');
      expect((await gate.ended).code).to.equal(0);
      expect(gate.out() + gate.err()).not.to.contain(token);
      expect((await jupyter.fetch('GET', '/api/status')).status, 'a server that is not ours stays').to.equal(
        200,
      );
    });

    it('refuses a token that does not open it', async () => {
      await writeFile(join(cwd, 'token'), 'wrong-token-wrong-token');
      const gate = gateHere('--upstream', jupyter.origin, '--upstream-token-file', join(cwd, 'token'));
      await fails(gate, /expected a token that the Jupyter Server accepts, received one it refuses/);
      expect(gate.err()).not.to.contain('wrong-token');
    });

    it('says that it is down', async () => {
      await fails(
        gateHere('--upstream', 'http://127.0.0.1:9'),
        /the Jupyter Server does not answer: .*ECONNREFUSED/,
      );
    });
  });

  describe('that cannot start says why, with a hint and exit code 1:', () => {
    it('a port of either listener in use', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { port } = taken.address() as AddressInfo;
      try {
        const message = new RegExp(`the port is in use: \`127\\.0\\.0\\.1:${port}\`\n.*--port`);
        for (const flags of [
          ['--port', String(port), '--admin-port', '0'],
          ['--port', '0', '--admin-port', String(port)],
        ]) {
          const gate = gateHere(...flags);
          await fails(gate, message);
          expect(gate.out(), 'found out before Jupyter was started').not.to.include('starting');
          await nothingLeft();
        }
      } finally {
        taken.close();
      }
    });

    it('a database file that is not one, and it is left as it is', async () => {
      const file = join(cwd, 'notes.txt');
      await writeFile(file, 'these are notes, and no database');
      await fails(
        gateHere('--database', `sqlite:${file}`),
        /the database cannot be used: .*notes\.txt.*\n.*--database/,
      );
      expect(readFileSync(file, 'utf8')).to.equal('these are notes, and no database');
    });

    it('a database that another gate uses', async () => {
      const first = gateBeforeBare();
      await first.ready();
      await fails(gateBeforeBare(), /another gate uses this SQLite file.*\nstop it first/);
      first.signal('SIGTERM');
      expect((await first.ended).code).to.equal(0);
    });

    it('data inside the notebook directory', async () => {
      await fails(gateHere('--notebook-dir', cwd), /data: expected a place outside the notebook directory/);
      await fails(
        gateHere('--notebook-dir', cwd, '--data', join(cwd, 'd')),
        /--data: expected a place outside/,
      );
    });

    it('an unknown flag, and several problems at once', async () => {
      await fails(
        gateHere('--notebok-dir', 'x'),
        /--notebok-dir: expected a known option, .*did you mean `--notebook-dir`\?/,
      );
      const gate = gateHere(
        '--port',
        '99999',
        '--denied-status',
        '402',
        '--timezone',
        'Mars',
        '--admin-port',
        '0',
      );
      await fails(gate, /the configuration is not valid/);
      expect(gate.err())
        .to.match(/--port: .*99999/)
        .and.to.match(/--denied-status: .*402/)
        .and.to.match(/--timezone: .*Mars/);
    });

    it('a broken model at first start, by file and line; the next start with a good one works', async () => {
      const file = join(cwd, 'mine.conf');
      const good = readFileSync(join(packageRoot(), 'model.conf'), 'utf8');
      await writeFile(file, good.replace('own, msg', 'owned, msg'));
      await fails(gateHere('--model', file), /the model is not valid\n +\S*mine\.conf: line \d+: .*owned/);
      await writeFile(file, good);
      const gate = gateBeforeBare('--model', file);
      await gate.ready();
      gate.signal('SIGTERM');
      expect((await gate.ended).code).to.equal(0);
    });

    it('a model file that is not there', async () => {
      await fails(
        gateHere('--model', join(cwd, 'none.conf')),
        /model: expected a file that can be read, received .*none\.conf/,
      );
    });

    it('a data directory that cannot be written to', async () => {
      await mkdir(join(cwd, 'sub'));
      await writeFile(join(cwd, 'sub', 'file'), '');
      for (const place of [
        join(cwd, 'sub', 'file'),
        join(cwd, 'sub', 'file', 'below'),
        '/proc/nothing/here',
      ]) {
        await fails(
          gateHere('--data', place),
          /data: expected a directory this account may write to, received/,
        );
      }
    });

    it('a Jupyter that does not start', async () => {
      const bin = join(cwd, 'bin');
      await mkdir(bin);
      await writeFile(
        join(bin, 'jupyter'),
        '#!/bin/sh\ncase "$2" in --version) echo 2.21.1;; *) echo "no space left"; exit 3;; esac\n',
        { mode: 0o755 },
      );
      const gate = serve(cwd, [], { PATH: `${bin}:/usr/bin:/bin` });
      started.push(gate);
      await fails(gate, /the Jupyter Server did not start: .*exit code 3/);
      expect(gate.out()).to.contain('no space left');
    });
  });

  it('answers other commands while it runs, found by its data directory', async () => {
    const gate = gateBeforeBare();
    await gate.ready();
    const list = program(cwd, ['user', 'list']);
    expect((await list.ended).code).to.equal(0);
    expect(list.out()).to.match(/^admin +Administrator/m);
    const misuse = program(cwd, ['user', 'fly']);
    expect((await misuse.ended).code).to.equal(2);
    gate.signal('SIGTERM');
    await gate.ended;
    const late = program(cwd, ['user', 'list']);
    expect((await late.ended).code).to.equal(1);
    expect(late.err()).to.contain('no gate answers at');
  });

  async function fails(gate: GateProcess, message: RegExp): Promise<void> {
    expect((await gate.ended).code, gate.out() + gate.err()).to.equal(1);
    expect(gate.err())
      .to.match(/^jupyter-gate: /)
      .and.to.match(message);
    expect(gate.err().trimEnd().split('\n').length, 'a message and a hint').to.be.greaterThan(1);
    expect(gate.err()).not.to.match(/^ +at /m);
  }
});

/** Pages, refusals, redirects and errors of every kind. */
const SEEN_BY_BROWSERS = [
  '/',
  '/lab',
  '/lab/tree/a.ipynb',
  '/lab/workspaces/other',
  '/tree',
  '/tree/pub',
  '/notebooks/a.ipynb',
  '/edit/t.txt',
  '/view/t.txt',
  '/files/t.txt',
  '/files/none.txt',
  '/nbconvert/html/none.ipynb',
  '/api/contents/none',
  '/api/status',
  '/api/kernels/none',
  '/no/such/page',
  '/static/none.js',
  '/login?next=%2Flab',
  '/logout',
  '/hub/home',
  '/api/contents/%2e%2e/secret',
  '/lab/api/settings',
  '/api/me',
];
