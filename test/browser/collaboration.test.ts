/** One notebook in two browsers, with jupyter-collaboration: an editor writes, and who may only read follows. */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startBrowser, signIn } from '../support/browser.ts';
import type { Visit } from '../support/browser.ts';
import { dialogs, focusFirstCell, openInLab, writeCell } from '../support/lab-page.ts';
import { joinRoom, roomOf } from '../support/room-client.ts';
import { startSharingGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { screenshot } from '../support/screenshot.ts';
import { until } from '../support/until.ts';

const NOTEBOOK = 'pub/shared.ipynb';

describe('JupyterLab with shared documents, through the gate', function () {
  this.timeout(240_000);
  let gate: RunningGate;
  let browser: Browser;
  const visits: Visit[] = [];

  before(async () => {
    [gate, browser] = await Promise.all([startSharingGate(), startBrowser()]);
    await gate.writeNotebook(NOTEBOOK, 'at_first = 1');
  });
  after(async () => {
    for (const { context } of visits) await context.close();
    await browser?.close();
    await gate?.stop();
  });

  async function visitAs(name: string, role: string): Promise<Visit> {
    await gate.person(name, role);
    const visit = await signIn(browser, await gate.link(name));
    visits.push(visit);
    await openInLab(visit.page, gate.url, NOTEBOOK);
    await shows(visit.page, 'at_first');
    return visit;
  }

  const firstCell = (page: Page) =>
    page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .cm-content').first();
  const shows = (page: Page, text: string): Promise<void> =>
    firstCell(page).filter({ hasText: text }).waitFor({ timeout: 60_000 });
  const saved = (text: string): Promise<void> =>
    until(async () => (await gate.readNotebook(NOTEBOOK)).includes(text), `a file with ${text}`);

  it('shows a viewer what an editor types, and keeps what the viewer types from everybody and from the file', async () => {
    const editor = await visitAs('edith', 'editor');
    const viewer = await visitAs('vito', 'viewer');
    await writeCell(editor.page, 'at_first = 2 # by the editor');
    await shows(viewer.page, 'by the editor');
    await saved('by the editor');
    expect(await dialogs(viewer.page), 'dialogs of the viewer').to.deep.equal([]);
    await screenshot(viewer.page, 'lab-shared-viewer');

    await focusFirstCell(viewer.page);
    await viewer.page.keyboard.press('Control+End');
    await viewer.page.keyboard.type(' # by the viewer');
    await shows(viewer.page, 'by the viewer');
    // What the editor types afterwards has gone the whole way when it is in the file and at the viewer.
    await focusFirstCell(editor.page);
    await editor.page.keyboard.press('Control+Home');
    await editor.page.keyboard.type('later = 3;');
    await shows(viewer.page, 'later = 3');
    await saved('later = 3');
    expect(await firstCell(editor.page).textContent()).to.equal('later = 3;at_first = 2 # by the editor');
    expect(await gate.readNotebook(NOTEBOOK)).to.not.include('by the viewer');

    const token = await gate.person('wendy', 'viewer');
    const third = await joinRoom(gate, token, await roomOf(gate, token, NOTEBOOK));
    expect(third.source(), 'the document of the server').to.equal('later = 3;at_first = 2 # by the editor');
    third.close();
    expect(editor.refused.concat(viewer.refused), 'refused requests').to.deep.equal([]);
    expect(editor.brokenSockets.concat(viewer.brokenSockets), 'broken sockets').to.deep.equal([]);
  });

  it('lets the viewer write as soon as they are an editor, in the page that is open', async () => {
    const visit = visits[1]!;
    await gate.admin('PUT', '/users/vito/roles/role:editor');
    await focusFirstCell(visit.page);
    await visit.page.keyboard.press('Control+Home');
    await visit.page.keyboard.type('allowed = 4;');
    await shows(visits[0]!.page, 'allowed = 4');
    await saved('allowed = 4');
  });
});
