/** The classic notebook in a real browser, in front of a real server: the same roles as in JupyterLab. */
import { expect } from 'chai';
import type { Visit } from '../support/browser.ts';
import { browserStage } from '../support/browser-stage.ts';
import {
  dialogs,
  focusFirstCell,
  kernelIsIdle,
  noteSays,
  openInClassic,
  outputShows,
  outputs,
  prompt,
  runCell,
  withoutWidgetsProbe,
  writeCell,
} from '../support/classic-page.ts';
import { kernelStarts } from '../support/kernels.ts';
import { screenshot } from '../support/screenshot.ts';
import { haveKernelsOfTheirOwn } from '../support/two-kernels.ts';

describe('the classic notebook through the gate', function () {
  this.timeout(180_000);
  const stage = browserStage();

  /** What somebody who may not run sees after opening the notebook, and after pressing run. */
  async function nothingRuns(visit: Visit): Promise<void> {
    const { page, refused } = visit;
    await noteSays(page, 'kernel', 'You may not run code');
    await focusFirstCell(page);
    await runCell(page);
    await page.click('#notification_kernel');
    await page
      .locator('.modal.in', { hasText: 'no rule gives you the right to do this: execute kernels' })
      .waitFor({ timeout: 30_000 });
    // The classic notebook starts a kernel whenever it opens a notebook; nothing in its page or settings stops that.
    expect(withoutWidgetsProbe(refused), 'refused requests').to.deep.equal(['POST /api/sessions 403']);
    expect(await prompt(page)).to.match(/In\s\[\s\]:/);
    expect(await outputs(page), 'outputs').to.deep.equal([]);
    expect(kernelStarts(visit), 'started kernels').to.deep.equal([]);
    expect(await stage.allKernels(), 'kernels of the server').to.deep.equal([]);
  }

  it('lets a viewer browse and read, and says why nothing runs', async () => {
    const visit = await stage.visitAs('view', 'viewer');
    const { page, refused } = visit;
    await page.goto(`${stage.gate.url}/tree/pub`);
    await page.locator('.list_item .item_link', { hasText: 'open.ipynb' }).waitFor({ timeout: 60_000 });
    expect(refused, 'refused requests').to.deep.equal([]);
    await openInClassic(page, stage.gate.url, 'pub/open.ipynb');
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    await nothingRuns(visit);
  });

  it('lets an editor save, and says why nothing runs', async () => {
    const visit = await stage.visitAs('edit', 'editor');
    const { page } = visit;
    await openInClassic(page, stage.gate.url, 'pub/open.ipynb');
    await writeCell(page, 'print("edited")');
    const checkpoint = page.waitForResponse(
      (response) => response.url().endsWith('/checkpoints') && response.request().method() === 'POST',
    );
    await page.keyboard.press('Control+S');
    expect((await checkpoint).status()).to.equal(201);
    expect(await stage.gate.readNotebook('pub/open.ipynb')).to.include('edited');
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    await nothingRuns(visit);
  });

  it('lets a temporary person run and change a notebook, never save it, without one refused request', async () => {
    const { page, refused, brokenSockets, answers } = await stage.visitAs('temp', 'temporary');
    const before = await stage.gate.readNotebook('pub/open.ipynb');
    await openInClassic(page, stage.gate.url, 'pub/open.ipynb');
    await kernelIsIdle(page);
    await focusFirstCell(page);
    await runCell(page);
    await outputShows(page, '42');
    await writeCell(page, 'print("changed", 1 + 1)');
    await runCell(page);
    await outputShows(page, 'changed 2');
    await page.keyboard.press('Control+S');
    await noteSays(page, 'notebook', 'Notebook is read-only');
    await screenshot(page, 'classic-temporary');
    expect(await stage.gate.readNotebook('pub/open.ipynb')).to.equal(before);
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    expect(withoutWidgetsProbe(refused), 'refused requests').to.deep.equal([]);
    expect(brokenSockets, 'broken sockets').to.deep.equal([]);
    expect(
      answers.filter((line) => line.startsWith('PUT')),
      'saves',
    ).to.deep.equal([]);
  });

  it('makes a link of the place to ask at in a refused cell', async () => {
    const { page } = await stage.visitAs('rune', 'runner');
    await openInClassic(page, stage.gate.url, 'pub/open.ipynb');
    await kernelIsIdle(page);
    await writeCell(page, 'print("of my own")');
    await runCell(page);
    await outputShows(page, 'PermissionDenied: This cell is not as it was saved.');
    await screenshot(page, 'classic-refused-cell');
    expect(await page.locator('.output_area a').getAttribute('href')).to.equal(
      `${stage.gate.url}/gate/ask?act=execute&res=channels&path=/pub/open.ipynb`,
    );
  });

  it('gives two people who open the same notebook a kernel each', async () => {
    const frontend = { open: openInClassic, kernelIsIdle, writeCell, runCell, outputShows };
    const { first } = await haveKernelsOfTheirOwn(stage, frontend);
    expect(await outputs(first.page)).to.have.length(1);
  });
});
