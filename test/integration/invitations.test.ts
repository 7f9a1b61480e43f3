/** Sharing a running server by a link: pages, rights, command line, on a real Jupyter Server. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { run } from '../../src/cli/run.ts';
import { createBrowser, codeOn } from '../support/sign-in/browser.ts';
import type { Browser } from '../support/sign-in/browser.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';

describe('inviting people to a running server', function () {
  this.timeout(180_000);
  let gate: RunningGate;

  before(async () => {
    gate = await startGate();
    await gate.writeNotebook('lectures/one.ipynb', 'print(6 * 7)');
    await gate.writeNotebook('private/exam.ipynb', 'print(1)');
  });
  after(() => gate?.stop());

  async function cli(...argv: string[]): Promise<string> {
    let text = '';
    const write = (part: string): void => void (text += part);
    const code = await run(
      [...argv, '--data', gate.data],
      {
        env: {},
        cwd: gate.data,
        out: write,
        err: write,
        readSecret: () => Promise.resolve(''),
        readFile: (path) => readFile(path, 'utf8'),
        now: () => Date.now(),
      },
      {},
    );
    expect(code, text).to.equal(0);
    return text.trim();
  }

  async function link(...options: string[]): Promise<string> {
    const url = await cli('invite', '--role', 'temporary', '--expires', '2h', ...options);
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/gate\/invite\?invitation=[\w-]{43}$/);
    return url.slice(gate.url.length);
  }

  const json = async (browser: Browser, path: string) => {
    const reply = await browser.get(path, { accept: 'application/json' });
    return { status: reply.status, body: JSON.parse(reply.text) };
  };

  async function comeIn(address: string, name = 'Ada Lovelace'): Promise<Browser> {
    const browser = createBrowser(gate.url);
    await browser.get(address);
    const reply = await browser.post(address, { display_name: name, as: '' });
    expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, '/']);
    return browser;
  }

  it('shows what the link gives as often as it is opened, and lets nobody in by that', async () => {
    const address = await link('--uses', '1');
    for (let count = 0; count < 3; count++) {
      const browser = createBrowser(gate.url);
      const page = await browser.get(address);
      expect(page.status).to.equal(200);
      expect(page.text).to.contain('You are invited').and.to.contain('temporary').and.to.contain('UTC');
      expect((await json(browser, '/gate/login')).body.user).to.equal(null);
    }
    await comeIn(address);
    const late = await createBrowser(gate.url).get(address);
    expect([late.status, codeOn(late)]).to.deep.equal([410, 'INVITATION_INVALID']);
  });

  it('takes only a form of its own page', async () => {
    const address = await link();
    const browser = createBrowser(gate.url);
    await browser.get(address);
    const form = { display_name: 'Ada', as: '' };
    expect((await browser.post(address, { ...form, _xsrf: 'wrong' })).status).to.equal(403);
    const foreign = await browser.post(address, form, { origin: 'https://evil.example' });
    expect([foreign.status, codeOn(foreign)]).to.deep.equal([403, 'ORIGIN_MISMATCH']);
    expect((await browser.post(address, { ...form, as: 'admin' })).status).to.equal(403);
    const nameless = await browser.post(address, { display_name: ' ', as: '' });
    expect(nameless.status).to.equal(422);
    expect(nameless.text).to.contain('1 to 60 characters');
    expect((await json(browser, '/gate/login')).body.user).to.equal(null);
    expect((await fetch(gate.url + address, { method: 'PUT' })).status).to.equal(403);
  });

  it('gives the role on its path alone, where JupyterLab still opens, and takes it away with the link', async () => {
    const address = await link('--path', '/lectures/**', '--uses', '30');
    const browser = await comeIn(address);
    const me = (await json(browser, '/gate/login')).body.user as string;
    expect(me).to.match(/^ada-lovelace-/);
    expect((await browser.get('/lab/tree/lectures/one.ipynb')).status).to.equal(200);
    expect((await browser.get('/lab')).status).to.equal(200);
    const root = await json(browser, '/api/contents/');
    expect(root.status, JSON.stringify(root.body)).to.equal(200);
    expect(root.body.content.map((entry: { name: string }) => entry.name)).to.deep.equal(['lectures']);
    expect((await json(browser, '/api/contents/lectures/one.ipynb')).status).to.equal(200);
    expect((await json(browser, '/api/contents/private/exam.ipynb')).status).to.equal(404);
    expect((await json(browser, '/lab/api/settings')).status).to.equal(200);

    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: gate.url, 'x-xsrftoken': browser.cookies.get('_xsrf') ?? '' };
    const post = (path: string) =>
      fetch(`${gate.url}/api/sessions`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ path, name: path, type: 'notebook', kernel: { name: 'python3' } }),
      });
    expect((await post('private/exam.ipynb')).status).to.equal(404);
    const started = await post('lectures/one.ipynb');
    expect(started.status).to.equal(201);
    const { kernel } = (await started.json()) as { kernel: { id: string } };
    const query = `_xsrf=${encodeURIComponent(headers['x-xsrftoken'])}`;
    const socket = new WebSocket(
      `${gate.url.replace('http', 'ws')}/api/kernels/${kernel.id}/channels?${query}`,
      { headers: { cookie, origin: gate.url } },
    );
    await once(socket, 'open');
    const closed = once(socket, 'close') as Promise<[number]>;

    const [row] = JSON.parse(await cli('invitations', 'list', '--json')).filter(
      (invitation: { users: string[] }) => invitation.users.includes(me),
    );
    expect(row).to.include({ role: 'role:temporary', path: '/lectures/**', uses: 30, used: 1 });
    expect(await cli('invitations', 'revoke', row.id)).to.equal(`revoked ${row.id}`);
    expect((await closed)[0]).to.equal(4403);
    expect((await json(browser, '/api/contents/lectures/one.ipynb')).status).to.equal(401);
    expect((await gate.admin('GET', `/users/${me}`)).body.active).to.equal(false);
    expect((await browser.get(address)).status).to.equal(410);
  });

  it('is accepted by somebody who is signed in, who keeps the rest when it is withdrawn', async () => {
    await gate.person('bob', 'viewer');
    const browser = createBrowser(gate.url);
    const signIn = (await gate.link('bob')).slice(gate.url.length);
    await browser.get(signIn);
    await browser.post(signIn);
    const created = await gate.admin('POST', '/invitations', {
      role: 'editor',
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(created.status).to.equal(201);
    const address = created.body.url.slice(gate.url.length);
    expect((await browser.get(address)).text).to.contain('Accept as bob');
    expect((await browser.post(address, { as: 'bob' })).status).to.equal(303);
    const writable = async () => (await json(browser, '/api/contents/lectures/one.ipynb')).body.writable;
    expect(await writable()).to.equal(true);
    expect((await gate.admin('DELETE', `/invitations/${created.body.id}`)).status).to.equal(204);
    expect(await writable()).to.equal(false);
    expect((await json(browser, '/gate/login')).body.user).to.equal('bob');
  });

  it('writes no code of a link to the log', async () => {
    const address = await link();
    await comeIn(address, 'Log Reader');
    const code = new URLSearchParams(address.split('?')[1]).get('invitation') ?? 'none';
    expect(gate.log.join('\n')).not.to.contain(code);
  });
});
