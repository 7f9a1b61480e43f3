/** JupyterLab in a real browser, in front of a real server: what each role can do, and how it looks when it cannot. */
import { expect } from 'chai';
import type { Visit } from '../support/browser.ts';
import { browserStage } from '../support/browser-stage.ts';
import { kernelStarts } from '../support/kernels.ts';
import {
  acceptDialog,
  dialogSays,
  dialogs,
  focusFirstCell,
  kernelIsIdle,
  openInLab,
  outputShows,
  outputs,
  runCell,
  save,
  toasts,
  writeCell,
} from '../support/lab-page.ts';
import { screenshot } from '../support/screenshot.ts';
import { haveKernelsOfTheirOwn } from '../support/two-kernels.ts';

describe('JupyterLab through the gate', function () {
  this.timeout(180_000);
  const stage = browserStage();

  /** Presses run as somebody who may not, and follows what JupyterLab says until it says no more. */
  async function runIsRefused({ page, refused }: Visit): Promise<void> {
    await focusFirstCell(page);
    await runCell(page);
    await acceptDialog(page, 'Select Kernel');
    await dialogSays(page, 'no rule gives you the right to do this: execute kernels');
    expect(refused, 'refused requests').to.deep.equal(['POST /api/sessions 403']);
    await acceptDialog(page, 'Error Starting Kernel');
  }

  async function nothingRan(made: Visit): Promise<void> {
    expect(await outputs(made.page), 'outputs').to.deep.equal([]);
    expect(kernelStarts(made), 'started kernels').to.deep.equal([]);
    expect(await stage.allKernels(), 'kernels of the server').to.deep.equal([]);
  }

  // Before the one that starts a kernel, so that there is none.
  it('lets a viewer read a notebook without a dialog, and says why it does not run', async () => {
    const made = await stage.visitAs('view', 'viewer');
    const { page, refused } = made;
    await openInLab(page, stage.gate.url, 'pub/open.ipynb');
    await focusFirstCell(page);
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    expect(refused, 'refused requests').to.deep.equal([]);
    await screenshot(page, 'lab-viewer');
    await runIsRefused(made);
    await nothingRan(made);
  });

  it('lets an editor save without a dialog, and says why it does not run', async () => {
    const made = await stage.visitAs('edit', 'editor');
    const { page, refused } = made;
    await openInLab(page, stage.gate.url, 'pub/open.ipynb');
    await writeCell(page, 'print("edited")');
    await save(page);
    expect(await stage.gate.readNotebook('pub/open.ipynb')).to.include('edited');
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    expect(refused, 'refused requests').to.deep.equal([]);
    await screenshot(page, 'lab-editor');
    await runIsRefused(made);
    await nothingRan(made);
  });

  it('lets a temporary person run and change a notebook, never save it, without one refused request', async () => {
    const made = await stage.visitAs('temp', 'temporary');
    const { page, refused, brokenSockets } = made;
    const before = await stage.gate.readNotebook('pub/open.ipynb');
    await openInLab(page, stage.gate.url, 'pub/open.ipynb');
    await kernelIsIdle(page);
    await focusFirstCell(page);
    await runCell(page);
    await outputShows(page, '42');
    await writeCell(page, 'print("changed", 1 + 1)');
    await runCell(page);
    await outputShows(page, 'changed 2');
    await screenshot(page, 'lab-temporary');
    await page.keyboard.press('Control+S');
    await page.locator('.Toastify__toast', { hasText: /is read-only/i }).waitFor({ timeout: 30_000 });
    expect(await stage.gate.readNotebook('pub/open.ipynb')).to.equal(before);
    expect(await stage.allKernels(), 'kernels of the server').to.have.length(1);
    expect(await dialogs(page), 'dialogs').to.deep.equal([]);
    expect(refused, 'refused requests').to.deep.equal([]);
    expect(brokenSockets, 'broken sockets').to.deep.equal([]);
    expect(
      made.answers.filter((line) => line.startsWith('PUT /api/contents')),
      'saves',
    ).to.deep.equal([]);
    expect((await toasts(page)).join(), 'notes').to.not.match(/news/i);
  });

  it('gives two people who open the same notebook a kernel each', async () => {
    const frontend = { open: openInLab, kernelIsIdle, writeCell, runCell, outputShows };
    const { second } = await haveKernelsOfTheirOwn(stage, frontend);
    expect((await outputs(second.page)).join()).to.not.include('kept');
  });
});
