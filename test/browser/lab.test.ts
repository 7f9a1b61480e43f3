/** JupyterLab in a real browser, in front of a real server: what each role can do, and how it looks when it cannot. */
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startBrowser, signIn } from '../support/browser.ts';
import type { Visit } from '../support/browser.ts';
import {
  dialogs,
  focusFirstCell,
  kernelIsIdle,
  openInLab,
  outputShows,
  runCell,
} from '../support/lab-page.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { screenshot } from '../support/screenshot.ts';

describe('JupyterLab through the gate', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let browser: Browser;
  let visit: Visit | undefined;

  before(async () => {
    [gate, browser] = await Promise.all([startGate(), startBrowser()]);
    await gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)');
  });
  afterEach(async () => {
    await visit?.context.close();
    visit = undefined;
  });
  after(async () => {
    await browser?.close();
    await gate?.stop();
  });

  async function visitAs(name: string, ...roles: string[]): Promise<Visit> {
    await gate.person(name, ...roles);
    visit = await signIn(browser, await gate.link(name));
    return visit;
  }

  it('lets a temporary person run and change a notebook, never save it, without one refused request', async () => {
    const { page, refused, brokenSockets } = await visitAs('temp', 'temporary');
    const before = await gate.readNotebook('pub/open.ipynb');
    await openInLab(page, gate.url, 'pub/open.ipynb');
    await kernelIsIdle(page);
    await focusFirstCell(page);
    await runCell(page);
    await outputShows(page, '42');
    await focusFirstCell(page);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('print("changed", 1 + 1)');
    await runCell(page);
    await outputShows(page, 'changed 2');
    await page.keyboard.press('Control+S');
    await page.waitForSelector('text=/read-only/i', { timeout: 10_000 });
    await screenshot(page, 'lab-temporary');
    expect(await gate.readNotebook('pub/open.ipynb')).to.equal(before);
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    expect(refused, 'refused requests').to.deep.equal([]);
    expect(brokenSockets, 'broken sockets').to.deep.equal([]);
  });

  it('lets a viewer open a notebook and not run it', async () => {
    const { page } = await visitAs('view', 'viewer');
    await openInLab(page, gate.url, 'pub/open.ipynb');
    await focusFirstCell(page);
    await runCell(page);
    await page.waitForTimeout(3000);
    await screenshot(page, 'lab-viewer');
    expect(await page.$$eval('.jp-OutputArea-output', (all) => all.length)).to.equal(0);
    expect((await gate.as(await tokenOf('view'), 'GET', '/api/kernels')).status).to.equal(200);
  });

  it('lets an editor save and not run', async () => {
    const { page } = await visitAs('edit', 'editor');
    await openInLab(page, gate.url, 'pub/open.ipynb');
    await focusFirstCell(page);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('print("edited")');
    await page.keyboard.press('Control+S');
    await page.locator('.jp-mod-dirty').waitFor({ state: 'detached', timeout: 10_000 });
    await runCell(page);
    await page.waitForTimeout(2000);
    await screenshot(page, 'lab-editor');
    expect(await gate.readNotebook('pub/open.ipynb')).to.include('edited');
    expect(await page.$$eval('.jp-OutputArea-output', (all) => all.length)).to.equal(0);
  });

  async function tokenOf(name: string): Promise<string> {
    return (await gate.admin('POST', `/users/${name}/tokens`, {})).body.token;
  }
});
