/** From a refused page to the notebook in a real browser: ask, wait, and go on without touching anything. */
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { signIn, startBrowser } from '../support/browser.ts';
import { commandLine } from '../support/command-line.ts';
import type { CommandLine } from '../support/command-line.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { screenshot } from '../support/screenshot.ts';

const PATH = '/lab/tree/exams/final.ipynb';

describe('asking for access in a browser', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let browser: Browser;
  let cli: CommandLine;
  const contexts: BrowserContext[] = [];

  before(async () => {
    [gate, browser] = await Promise.all([startGate(), startBrowser()]);
    cli = commandLine({ cwd: gate.data, data: gate.data });
    await gate.writeNotebook('exams/final.ipynb', 'print(6 * 7)');
    await gate.writeNotebook('lectures/one.ipynb', 'print(6 * 7)');
    await gate.admin('POST', '/roles', { name: 'student' });
    for (const [res, path] of [
      ['contents', '/lectures/**'],
      ['pages|static|api|settings|workspaces|kernelspecs', '**'],
    ])
      expect(
        (await gate.admin('POST', '/rules', { fields: { sub: 'role:student', res, act: 'read', path } }))
          .status,
      ).to.equal(201);
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  after(async () => {
    await browser?.close();
    await gate?.stop();
  });

  /** Opens the page that is refused; gives what the console complained about. */
  async function refused(name: string, displayName = name): Promise<{ page: Page; complaints: string[] }> {
    await gate.admin('POST', '/users', { name, display_name: displayName });
    await gate.admin('PUT', `/users/${name}/roles/role:student`);
    const { context, page } = await signIn(browser, await gate.link(name));
    contexts.push(context);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    await page.goto(`${gate.url}${PATH}`);
    return { page, complaints };
  }

  async function askFor(page: Page, reason: string): Promise<string> {
    await page.getByLabel('Why do you need it?').fill(reason);
    await page.getByRole('button', { name: 'Ask for access' }).click();
    await page.getByRole('heading', { name: 'Waiting for an answer' }).waitFor();
    return new URL(page.url()).searchParams.get('request') ?? '';
  }

  it('goes on to JupyterLab by itself when an administrator approves', async () => {
    const { page, complaints } = await refused('grace', 'Grace Hopper');
    await screenshot(page, 'refused');
    expect(await page.textContent('main'))
      .to.include('it allows read, but only in')
      .and.to.include('would allow it');
    const id = await askFor(page, 'I help to mark the exams this week.');
    await screenshot(page, 'waiting');
    const visited: string[] = [];
    page.on('framenavigated', (frame) => visited.push(frame.url()));
    await page.waitForResponse((response) => response.url().includes('/gate/asked') && response.ok());
    expect(visited, 'nothing is loaded anew while it waits').to.deep.equal([]);
    const approved = await cli('request', 'approve', id, '--expires', '2h');
    expect(approved.code, approved.err).to.equal(0);
    await page.waitForURL(`${gate.url}${PATH}`);
    await page.waitForSelector('.jp-NotebookPanel .jp-CodeCell', { timeout: 60_000 });
    expect(complaints).to.deep.equal([]);
  });

  it('says that it was declined, and why', async () => {
    const { page } = await refused('linus');
    const id = await askFor(page, 'Curious.');
    await cli('request', 'decline', id, '--note', 'These are next week’s exams.');
    await page.getByRole('heading', { name: 'Your request was declined' }).waitFor();
    expect(await page.textContent('blockquote')).to.equal('These are next week’s exams.');
    await page.getByRole('link', { name: 'Ask again' }).click();
    expect(await page.textContent('h1')).to.equal('Ask for access');
  });

  it('goes on without any script too', async () => {
    await gate.admin('POST', '/users', { name: 'lynx' });
    const context = await browser.newContext({ javaScriptEnabled: false });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(await gate.link('lynx'));
    await page.click('button[type=submit]');
    await page.goto(`${gate.url}${PATH}`);
    const id = await askFor(page, 'Please.');
    await cli('request', 'approve', id);
    await page.waitForURL(`${gate.url}${PATH}`);
  });

  it('can be done with the keyboard in a narrow window', async () => {
    const { page } = await refused('ada');
    await page.setViewportSize({ width: 320, height: 640 });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow(), 'pixels that are cut off').to.be.at.most(0);
    expect(await page.getAttribute('html', 'lang')).to.equal('en');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal('reason');
    await page.keyboard.type('I would like to read it.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Waiting for an answer' }).waitFor();
    expect(await overflow()).to.be.at.most(0);
    await screenshot(page, 'waiting-narrow');
  });
});
