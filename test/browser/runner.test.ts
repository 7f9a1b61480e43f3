/** JupyterLab for somebody who may only run what is saved: it runs all, and what was changed is refused where it stands. */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startBrowser, signIn } from '../support/browser.ts';
import type { Visit } from '../support/browser.ts';
import {
  dialogs,
  focusFirstCell,
  kernelIsIdle,
  openInLab,
  outputShows,
  outputs,
  prompt,
  runCell,
  writeCell,
} from '../support/lab-page.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { screenshot } from '../support/screenshot.ts';
import { until } from '../support/until.ts';

const NOTEBOOK = 'pub/lesson.ipynb';

describe('JupyterLab for a runner', function () {
  this.timeout(240_000);
  let gate: RunningGate;
  let browser: Browser;
  let visit: Visit | undefined;

  before(async () => {
    [gate, browser] = await Promise.all([startGate(), startBrowser()]);
  });
  beforeEach(() =>
    gate.writeNotebook(
      NOTEBOOK,
      'x = 6',
      'print("it is", x * 7)',
      'print(1)\r\nprint("two lines")',
      '[x] * 3\n',
    ),
  );
  afterEach(async () => {
    await visit?.context.close();
    visit = undefined;
  });
  after(async () => {
    await browser?.close();
    await gate?.stop();
  });

  async function visitAs(name: string): Promise<Visit> {
    await gate.person(name, 'runner');
    visit = await signIn(browser, await gate.link(name));
    return visit;
  }

  /** What was refused of a person, as the record has it. */
  async function refusedMessages(name: string): Promise<string[]> {
    const path = `/decisions?subject=${name}&limit=500`;
    const all = (await gate.admin('GET', path)).body.items as {
      code: string;
      also: string[];
      route: string;
    }[];
    return all.filter(({ code }) => code.startsWith('DENIED_')).map(({ also, route }) => also[0] ?? route);
  }

  async function choose(page: Page, menu: string, entry: RegExp): Promise<void> {
    await page.locator('.lm-MenuBar-itemLabel', { hasText: menu }).first().click();
    await page.locator('.lm-Menu-itemLabel', { hasText: entry }).first().click();
  }

  it('runs all cells as they are saved, without a dialog and without one refused request', async () => {
    const { page, refused, brokenSockets } = await visitAs('runa');
    const before = await gate.readNotebook(NOTEBOOK);
    await openInLab(page, gate.url, NOTEBOOK);
    await kernelIsIdle(page);
    await focusFirstCell(page);
    await choose(page, 'Run', /^Run All Cells$/);
    await outputShows(page, 'it is 42');
    await outputShows(page, 'two lines');
    await outputShows(page, '[6, 6, 6]');
    await choose(page, 'Kernel', /^Interrupt Kernel$/);
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    expect(refused, 'refused requests').to.deep.equal([]);
    expect(brokenSockets, 'broken sockets').to.deep.equal([]);
    expect((await outputs(page)).join(), 'outputs').to.not.match(/PermissionDenied/);
    expect(await gate.readNotebook(NOTEBOOK)).to.equal(before);
    // What JupyterLab says of itself to a kernel that has a debugger.
    await until(async () => (await refusedMessages('runa')).length > 0, 'the record is written');
    expect(await refusedMessages('runa'), 'refused messages').to.deep.equal(['message debug_request']);
  });

  it('refuses a changed cell in the cell, with a sentence, and the next saved one runs', async () => {
    const { page, refused } = await visitAs('ruth');
    await openInLab(page, gate.url, NOTEBOOK);
    await kernelIsIdle(page);
    await writeCell(page, 'open("spoilt", "w")');
    await runCell(page);
    await outputShows(page, 'PermissionDenied: This cell is not as it was saved. Undo the change to run it');
    const ask = page.locator('.jp-OutputArea-output a', { hasText: '/gate/ask?' });
    const address = `${gate.url}/gate/ask?act=execute&res=channels&path=/${NOTEBOOK}`;
    expect(await ask.getAttribute('href')).to.equal(address);
    await until(async () => (await prompt(page)) === '[ ]:', 'the cell is at rest');
    await screenshot(page, 'lab-runner');
    await writeCell(page, 'x = 6');
    await runCell(page);
    await until(async () => (await prompt(page)) === '[1]:', 'the cell ran');
    expect(await outputs(page), 'outputs').to.deep.equal([]);
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    // JupyterLab looks in the kernel's directory for the file that the sentence names: that is for who may run what they like.
    const others = refused.filter((request) => request !== 'GET /api/resolvePath 403');
    expect(others, 'refused requests').to.deep.equal([]);
  });

  it('leads from a refused cell to the form that asks for more, and runs it when that was approved', async () => {
    const { page, context } = await visitAs('rita');
    await openInLab(page, gate.url, NOTEBOOK);
    await kernelIsIdle(page);
    await writeCell(page, 'print("of my own")');
    await runCell(page);
    const [form] = await Promise.all([
      context.waitForEvent('page'),
      page.locator('.jp-OutputArea-output a', { hasText: '/gate/ask?' }).click(),
    ]);
    await form.fill('#reason', 'I want to try a change');
    await form.click('button[type=submit]');
    await form.waitForURL(/\/gate\/asked/);
    const open = (await gate.admin('GET', '/access-requests?status=open')).body.items;
    expect(open).to.have.lengthOf(1);
    expect(open[0]).to.include({ subject: 'rita', role: 'role:temporary', path: `/${NOTEBOOK}` });
    await gate.admin('PATCH', `/access-requests/${open[0].id}`, { status: 'approved' });
    await focusFirstCell(page);
    await runCell(page);
    await outputShows(page, 'of my own');
  });
});
