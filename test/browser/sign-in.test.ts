/** Signing in and out in a real browser: the link printed at start, passwords, tokens in an address, and the way out. */
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser, signIn } from '../support/browser.ts';
import { kernelIsIdle, openInLab } from '../support/lab-page.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { screenshot } from '../support/screenshot.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'a long enough password';

describe('signing in and out in a browser', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  before(async () => {
    [gate, browser] = await Promise.all([startGate(), startBrowser()]);
    await gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)');
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  after(async () => {
    await browser?.close();
    await gate?.stop();
  });

  async function freshPage(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    contexts.push(context);
    return context.newPage();
  }

  /** Status of a request with the cookies of the page's browser. */
  async function statusOf(page: Page, path: string): Promise<number> {
    return (await page.request.get(`${gate.url}${path}`, { maxRedirects: 0 })).status();
  }

  it('leads from the link printed at start to the welcome notebook with one click', async () => {
    const link = (await gate.app.signInLink()) ?? '';
    const page = await freshPage();
    await page.goto(link);
    expect(await page.textContent('h1')).to.equal('Sign in as Administrator?');
    expect(await page.textContent('button[type=submit]')).to.equal('Continue as admin');
    // Looking does not use it up, however often.
    await page.reload();
    expect(await page.textContent('h1')).to.equal('Sign in as Administrator?');
    expect(await statusOf(page, '/api/contents')).to.equal(401);
    await page.click('button[type=submit]');
    await page.waitForURL(`${gate.url}/lab/tree/welcome.ipynb`);
    await page.locator('.jp-NotebookPanel h1', { hasText: 'Welcome' }).waitFor({ timeout: 60_000 });

    const other = await freshPage();
    const again = await other.goto(link);
    expect(again?.status()).to.be.within(400, 499);
    expect(await other.textContent('h1')).to.equal('This link does not work any more');
    expect(await other.$('button[type=submit]'), 'a button').to.equal(null);
    expect(await statusOf(other, '/api/contents')).to.equal(401);
  });

  it('names the account of an invited person and signs nobody in before the click', async () => {
    await gate.admin('POST', '/users', { name: 'student1', display_name: 'Grace Hopper' });
    await gate.admin('PUT', '/users/student1/roles/role:viewer');
    const page = await freshPage();
    await page.goto(await gate.link('student1'));
    await screenshot(page, 'link');
    expect(await page.textContent('main'))
      .to.include('Grace Hopper')
      .and.to.include('student1');
    expect(await statusOf(page, '/api/contents')).to.equal(401);
  });

  it('signs in with a password, and goes on to the page that was asked for', async () => {
    await gate.admin('POST', '/users', { name: 'paula', password: PASSWORD });
    await gate.admin('PUT', '/users/paula/roles/role:viewer');
    const page = await freshPage();
    await page.goto(`${gate.url}/lab/tree/pub/open.ipynb`);
    expect(new URL(page.url()).pathname).to.equal('/gate/login');
    await screenshot(page, 'sign-in');
    await page.fill('#name', 'paula');
    await page.fill('#password', 'not the password');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    expect(await page.inputValue('#name')).to.equal('paula');
    expect(await page.inputValue('#password')).to.equal('');
    await page.fill('#password', PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForURL(`${gate.url}/lab/tree/pub/open.ipynb`);
    expect(await statusOf(page, '/api/contents')).to.equal(200);
  });

  it('ends access and the kernel socket when somebody signs out', async () => {
    await gate.person('otto', 'temporary');
    const { context, page } = await signIn(browser, await gate.link('otto'));
    contexts.push(context);
    // The page it led to opens sockets too, and one that goes with its document is never reported as closed.
    await page.goto('about:blank');
    const sockets: { isClosed(): boolean }[] = [];
    page.on('websocket', (socket) => sockets.push(socket));
    await openInLab(page, gate.url, 'pub/open.ipynb');
    await kernelIsIdle(page);
    expect(
      sockets.some((socket) => !socket.isClosed()),
      'a socket is open',
    ).to.equal(true);
    const before = [...sockets];

    const other = await context.newPage();
    await other.goto(`${gate.url}/gate/logout`);
    expect(await statusOf(other, '/api/contents')).to.equal(200);
    await other.click('button[type=submit]');
    await other.locator('h1', { hasText: 'You are signed out' }).waitFor();
    await until(() => before.every((socket) => socket.isClosed()), 'every socket of the page is closed');
    expect(await statusOf(other, '/api/contents')).to.equal(401);
    expect(await statusOf(other, '/lab')).to.equal(302);
  });

  it('takes a token out of the address of a page, after a click on the page that names the account', async () => {
    const token = await gate.person('tom', 'viewer');
    const page = await freshPage();
    await page.goto(`${gate.url}/lab/tree/pub/open.ipynb?token=${token}`);
    expect(new URL(page.url()).pathname).to.equal('/gate/login');
    expect(await page.textContent('h1')).to.equal('Sign in as tom?');
    expect(await statusOf(page, '/api/contents')).to.equal(401);
    await page.click('button[type=submit]');
    await page.waitForURL(`${gate.url}/lab/tree/pub/open.ipynb`);
    await page.waitForSelector('.jp-NotebookPanel', { timeout: 60_000 });
    expect(page.url()).to.not.include(token);
    expect(await page.content()).to.not.include(token);
  });

  it('explains a page that is refused', async () => {
    await gate.writeNotebook('exams/final.ipynb', 'print("the answers")');
    await gate.person('vera', 'viewer');
    const fields = { sub: 'vera', res: 'contents', act: 'read', path: '/exams/**', eft: 'deny' };
    expect((await gate.admin('POST', '/rules', { fields })).status).to.equal(201);
    const { context, page } = await signIn(browser, await gate.link('vera'));
    contexts.push(context);
    const response = await page.goto(`${gate.url}/lab/tree/exams/final.ipynb`);
    expect(response?.status()).to.equal(403);
    expect(await page.textContent('h1')).to.equal('You may not do this');
    expect(await page.textContent('main'))
      .to.include('/exams/final.ipynb')
      .and.to.include('vera');
    expect(await page.isVisible('a:has-text("Start page")')).to.equal(true);
  });
});
