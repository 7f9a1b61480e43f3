/** Asking for what was refused: the page, the form, the answer over API and command line, and going on, on a real Jupyter Server. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { commandLine } from '../support/command-line.ts';
import type { CommandLine } from '../support/command-line.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { codeOn, createBrowser } from '../support/sign-in/browser.ts';
import type { Browser, Reply } from '../support/sign-in/browser.ts';

const PAGE = '/lab/tree/exams/final.ipynb';
const ASK = `/gate/ask?next=${PAGE}`;
const JSON_ONLY = { accept: 'application/json' };

describe('asking for access', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let cli: CommandLine;
  let people = 0;

  before(async () => {
    gate = await startGate();
    cli = commandLine({ cwd: gate.data, data: gate.data });
    await gate.writeNotebook('exams/final.ipynb', 'print(6 * 7)');
    await gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)');
  });
  after(() => gate?.stop());

  /** Somebody new who is signed in. */
  async function visitor(...roles: string[]): Promise<{ readonly name: string; readonly browser: Browser }> {
    const name = `person${(people += 1)}`;
    await gate.person(name, ...roles);
    const browser = createBrowser(gate.url);
    const link = (await gate.link(name)).slice(gate.url.length);
    await browser.get(link);
    expect((await browser.post(link)).status).to.equal(303);
    return { name, browser };
  }

  /** Asks and gives the address of the page that waits. */
  async function ask(browser: Browser, address = ASK, reason = 'to mark them'): Promise<string> {
    const reply = await browser.post(address, { reason });
    expect(reply.status, reply.text).to.equal(303);
    return reply.headers.get('location') ?? '';
  }

  const idOf = (waiting: string): string => waiting.split('=')[1] ?? '';
  const stateOf = async (browser: Browser, waiting: string) =>
    JSON.parse((await browser.get(waiting, JSON_ONLY)).text);
  const main = ({ text }: Reply): string =>
    text
      .slice(text.indexOf('<main>'))
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');

  it('says on the page what was refused, the nearest rule and the smallest role, and holds the form', async () => {
    const { browser, name } = await visitor('viewer');
    const fields = { sub: name, res: 'pages', act: 'read', eft: 'deny' };
    const rule = await gate.admin('POST', '/rules', { fields });
    const denied = await browser.get('/lab');
    expect(denied.status).to.equal(403);
    expect(main(denied)).to.include('You asked to open the pages of Jupyter. A rule refuses this.');
    expect(main(denied))
      .to.include('A rule of your own refuses read.')
      .and.to.include('no role would allow it');
    await gate.admin('DELETE', `/rules/${rule.body.id}`);

    const other = await visitor();
    const page = await other.browser.get('/lab');
    expect([page.status, codeOn(page)]).to.deep.equal([403, 'DENIED_BY_POLICY']);
    expect(main(page)).to.include('The role viewer (Reads everything, changes nothing) would allow it.');
    expect(page.text).to.include('action="/gate/ask?next=/lab"').and.to.include('name="_xsrf"');
    expect(page.headers.get('content-security-policy')).to.not.include('script-src');
  });

  it('goes from the refused page to JupyterLab once an administrator approves', async () => {
    const { browser, name } = await visitor();
    expect(codeOn(await browser.get(PAGE))).to.be.oneOf(['DENIED_BY_POLICY', 'NOT_FOUND']);
    const waiting = await ask(browser);
    const page = await browser.get(waiting);
    expect(page.status).to.equal(200);
    expect(main(page)).to.include('Waiting for an answer').and.to.include('/exams/final.ipynb');
    expect(await stateOf(browser, waiting)).to.deep.equal({ state: 'waiting', note: null });
    expect(await ask(browser, ASK, 'again'), 'the same request').to.equal(waiting);
    expect((await browser.get(ASK)).headers.get('location')).to.equal(waiting);

    const id = idOf(waiting);
    const [row] = (await cli('request', 'list', '--status', 'open', '--subject', name, '--json')).json();
    expect(row).to.include({ subject: name, act: 'read', res: 'contents', path: '/exams/final.ipynb' });
    expect(row).to.include({ id: Number(id), role: 'role:viewer', address: PAGE, reason: 'to mark them' });
    expect((await cli('request', 'show', id)).out).to.include('reason: to mark them');
    const approved = await cli('request', 'approve', id, '--expires', '2h', '--note', 'until noon');
    expect(approved.out, approved.err).to.match(
      /^approved \d+: person\d+ has role:viewer \(role:request-\d+\) until 2/,
    );

    expect((await stateOf(browser, waiting)).state).to.equal('allowed');
    const gone = await browser.get(waiting);
    expect([gone.status, gone.headers.get('location')]).to.deep.equal([303, PAGE]);
    expect((await browser.get(PAGE)).status).to.equal(200);
    const open = (path: string) => browser.get(`/api/contents/${path}`, JSON_ONLY);
    expect((await open('exams/final.ipynb')).status).to.equal(200);
    expect((await open('pub/open.ipynb')).status, 'only what was asked for').to.be.oneOf([403, 404]);
    expect((await browser.get(ASK)).headers.get('location'), 'nothing left to ask').to.equal(PAGE);
    const audit = (await gate.admin('GET', `/audit?target=${id}`)).body.items;
    expect(audit.map(({ what, actor }: { what: string; actor: string }) => [what, actor])).to.deep.equal([
      ['request.approve', 'gate:root'],
      ['request.ask', name],
    ]);
  });

  it('says so when it is declined, with the word of the administrator and no HTML in it', async () => {
    const { browser } = await visitor('viewer');
    const waiting = await ask(
      browser,
      '/gate/ask?act=write&res=contents&path=/pub/open.ipynb',
      '<b>typo</b>',
    );
    expect((await browser.get(waiting)).text)
      .to.include('&lt;b&gt;typo&lt;/b&gt;')
      .and.to.not.include('<b>typo');
    const note = '<script>alert(1)</script>\u001b[2J not now';
    const declined = await cli('request', 'decline', idOf(waiting), '--note', note);
    expect(declined.out, declined.err).to.equal(`declined ${idOf(waiting)}\n`);
    const page = await browser.get(waiting);
    expect(main(page)).to.include('Your request was declined').and.to.include('[2J not now');
    expect(page.text)
      .to.include('&lt;script&gt;alert(1)')
      .and.to.not.include('<script')
      .and.to.not.include('\u001b');
    expect(page.text).to.include('href="/gate/ask?act=write&amp;res=contents&amp;path=/pub/open.ipynb"');
    expect(await stateOf(browser, waiting)).to.include({ state: 'declined' });
  });

  it('goes on when the role is given without an answer to the request', async () => {
    const { browser, name } = await visitor();
    const waiting = await ask(browser);
    await cli('grant', name, 'viewer');
    expect((await browser.get(waiting)).headers.get('location')).to.equal(PAGE);
  });

  it('is withdrawn by whoever asked', async () => {
    const { browser } = await visitor();
    const waiting = await ask(browser);
    expect((await browser.post(waiting)).status).to.equal(303);
    expect(main(await browser.get(waiting))).to.include('You withdrew this request');
    const late = await gate.admin('PATCH', `/access-requests/${idOf(waiting)}`, { status: 'approved' });
    expect([late.status, late.body.code]).to.deep.equal([409, 'REQUEST_DECIDED']);
  });

  it('gives programs the address of the form with the refusal, where the asker may know what is there', async () => {
    const { browser, name } = await visitor('viewer');
    const token = (await gate.admin('POST', `/users/${name}/tokens`, {})).body.token;
    const refused = await gate.as(token, 'PUT', '/api/contents/pub/open.ipynb', { type: 'notebook' });
    const body = (await refused.json()) as { message: string; ask: string };
    const link = `${gate.url}/gate/ask?act=write&res=contents&path=/pub/open.ipynb`;
    expect(body).to.include({ ask: link });
    expect(body.message).to.include('write contents `/pub/open.ipynb`').and.to.include(link);
    const form = await browser.get(body.ask.slice(gate.url.length));
    expect(main(form)).to.include('You may not change /pub/open.ipynb');
    expect(main(form)).to.include('your role viewer : it allows read, but not write');
    const narrowed = await gate.admin('POST', `/users/${name}/tokens`, { roles: ['viewer'] });
    const asNarrowed = await gate.as(narrowed.body.token, 'PUT', '/api/contents/pub/open.ipynb', {
      type: 'notebook',
    });
    expect(await asNarrowed.json()).to.not.have.property('ask');
  });

  it('tells nothing of a place that may not be looked at: what is there and what is not read the same', async () => {
    const { browser } = await visitor();
    const told = async (path: string) => {
      const { status, text } = await browser.get(`/lab/tree/${path}`);
      return [status, text.replaceAll(path, 'PATH').replaceAll(/[0-9a-f-]{36}/g, 'ID')];
    };
    expect(await told('exams/final.ipynb')).to.deep.equal(await told('exams/nothing.ipynb'));
    const page = await browser.get('/terminals/1');
    expect([page.status, page.text.includes('gate/ask')]).to.deep.equal([404, false]);
  });

  it('sends guests to sign in first, and back', async () => {
    const guest = createBrowser(gate.url);
    const reply = await guest.get(ASK);
    expect(reply.status).to.equal(302);
    expect(reply.headers.get('location')).to.equal(`/gate/login?next=${encodeURIComponent(ASK)}`);
    const posted = await guest.post(ASK, { reason: 'please' });
    expect([posted.status, codeOn(posted)]).to.deep.equal([401, 'SIGN_IN_REQUIRED']);
    expect((await guest.get('/gate/asked?request=1')).status).to.equal(302);
  });

  it('takes only a form of its own page, and does nothing on GET', async () => {
    const { browser, name } = await visitor();
    const listed = async () =>
      (await gate.admin('GET', `/access-requests?subject=${name}`)).body.items.length;
    await browser.get(`${ASK}&reason=please`);
    expect((await browser.post(ASK, { reason: 'x', _xsrf: 'wrong' })).status).to.equal(403);
    const foreign = await browser.post(ASK, { reason: 'x' }, { origin: 'https://evil.example' });
    expect([foreign.status, codeOn(foreign)]).to.deep.equal([403, 'ORIGIN_MISMATCH']);
    expect((await browser.post(ASK, { reason: ' ' })).status).to.equal(422);
    const long = await browser.post(ASK, { reason: 'x'.repeat(501) });
    expect([long.status, main(long).includes('at most 500 characters')]).to.deep.equal([422, true]);
    expect(await listed()).to.equal(0);
    const waiting = await ask(browser);
    expect((await browser.post(waiting, {}, { origin: 'https://evil.example' })).status).to.equal(403);
    expect(await stateOf(browser, waiting)).to.include({ state: 'waiting' });
    expect((await fetch(gate.url + ASK, { method: 'PUT' })).status).to.equal(403);
  });

  it('goes on to pages of this gate only', async () => {
    const { browser } = await visitor('viewer');
    for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example'])
      expect(
        (await browser.get(`/gate/ask?next=${encodeURIComponent(next)}`)).headers.get('location'),
      ).to.equal('/');
  });

  it('shows nobody the request of somebody else', async () => {
    const [ada, eve] = [await visitor(), await visitor()];
    const waiting = await ask(ada.browser);
    for (const reply of [await eve.browser.get(waiting), await eve.browser.post(waiting)])
      expect([reply.status, codeOn(reply)]).to.deep.equal([404, 'REQUEST_UNKNOWN']);
    expect(await stateOf(ada.browser, waiting)).to.include({ state: 'waiting' });
  });

  it('stops a flood, and says how to go on', async () => {
    const { browser } = await visitor('viewer');
    const address = (number: number) => `/gate/ask?act=write&res=contents&path=/file-${number}`;
    for (let number = 0; number < 10; number++) await ask(browser, address(number));
    const eleventh = await browser.post(address(11), { reason: 'one more' });
    expect(eleventh.status).to.equal(429);
    expect(main(eleventh)).to.include('Too many of your requests wait').and.to.include('one more');
  });

  it('is answered by whoever holds the gate’s requests, with an entity tag', async () => {
    const { browser } = await visitor();
    const path = `/access-requests/${idOf(await ask(browser))}`;
    const shown = await gate.admin('GET', path);
    const tag = shown.headers.get('etag') ?? '';
    const patch = (condition: string, body: object) =>
      fetch(`${gate.app.adminUrl}/api/v1${path}`, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${adminToken}`,
          'content-type': 'application/json',
          'if-match': condition,
        },
        body: JSON.stringify(body),
      });
    const adminToken = (await gate.admin('POST', '/users/admin/tokens', { audience: 'admin' })).body.token;
    expect((await patch('"other"', { status: 'declined' })).status).to.equal(412);
    expect((await patch(tag, { status: 'declined', expires_at: '2030-01-01T00:00:00Z' })).status).to.equal(
      422,
    );
    const declined = await patch(tag, { status: 'declined' });
    expect([declined.status, declined.headers.get('etag') === tag]).to.deep.equal([200, false]);
    expect(await declined.json()).to.include({ status: 'declined', decided_by: 'admin' });
    expect((await patch(tag, { status: 'declined' })).status, 'with the old tag').to.equal(412);
    expect((await gate.admin('GET', '/access-requests/x')).status).to.equal(404);
  });

  it('runs the one script of its waiting page by its hash', async () => {
    const { browser } = await visitor();
    const page = await browser.get(await ask(browser));
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page.text) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    const policy = page.headers.get('content-security-policy');
    expect(policy).to.include(`script-src 'sha256-${hash}'`).and.to.include("connect-src 'self'");
    expect(page.text).to.include('<noscript><meta http-equiv="refresh"');
  });
});
