/** Looking over somebody's shoulder in JupyterLab: what they run appears as it runs, and nothing can be run. */
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { browserStage } from '../support/browser-stage.ts';
import {
  dialogs,
  kernelIsIdle,
  openInLab,
  outputShows,
  prompt,
  runCell,
  writeCell,
} from '../support/lab-page.ts';
import { until } from '../support/until.ts';

describe('a watcher in JupyterLab', function () {
  this.timeout(240_000);
  const stage = browserStage();

  it('sees the outputs of somebody else appear while they run, and cannot run', async () => {
    const { gate } = stage;
    const ada = await stage.visitAs('ada', 'temporary');
    await openInLab(ada.page, gate.url, 'pub/open.ipynb');
    await kernelIsIdle(ada.page);
    const [kernel] = await stage.allKernels();
    // The console that JupyterLab opens for a notebook, on the notebook's kernel.
    const console = { path: 'pub/following', name: 'following', type: 'console', kernel: { id: kernel } };
    expect((await gate.as(ada.token, 'POST', '/api/sessions', console)).status).to.equal(201);

    const wim = await stage.visitAs('wim', 'watcher');
    const tracker = '/lab/api/settings/@jupyterlab/console-extension:tracker';
    const raw = JSON.stringify({ showAllKernelActivity: true });
    expect((await gate.as(wim.token, 'PUT', tracker, { raw })).status).to.equal(204);
    await openInLab(wim.page, gate.url, 'pub/open.ipynb');
    await kernelIsIdle(wim.page);
    await openRunning(wim.page, 'following');

    // It says something, and goes on when the watcher has seen it.
    const seen = join(gate.notebooks, 'pub', 'seen');
    await writeCell(
      ada.page,
      'import os, time; print("begun", flush=True)\nwhile not os.path.exists("seen"): time.sleep(0.1)\nprint("ended")',
    );
    await runCell(ada.page);
    await consoleShows(wim.page, 'begun');
    await writeFile(seen, '');
    await consoleShows(wim.page, 'ended');
    await outputShows(ada.page, 'ended');

    await openTab(wim.page, 'open.ipynb');
    await writeCell(wim.page, 'open("ran.txt", "w").write("x")');
    await runCell(wim.page);
    await outputShows(wim.page, 'Running code is not allowed here');
    await until(async () => /\[ ?\]/.test(await prompt(wim.page)), 'the cell is at rest');
    expect(await exists(join(gate.notebooks, 'pub', 'ran.txt')), 'the cell ran').to.equal(false);
    expect(await dialogs(wim.page), 'dialogs').to.deep.equal([]);
    expect(await stage.allKernels(), 'kernels of the server').to.deep.equal([kernel]);
  });
});

/** Opens what runs under `name` from the list of what runs. */
async function openRunning(page: Page, name: string): Promise<void> {
  await page.locator('.lm-TabBar-tab[data-id="jp-running-sessions"]').click();
  await page
    .locator('.jp-RunningSessions-item', { hasText: name })
    .locator('.jp-RunningSessions-itemLabel', { hasText: name })
    .first()
    .click();
  await page.locator('.jp-CodeConsole').waitFor({ timeout: 60_000 });
}

async function openTab(page: Page, name: string): Promise<void> {
  await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tabLabel', { hasText: name }).click();
}

async function consoleShows(page: Page, expected: string): Promise<void> {
  await page
    .locator('.jp-CodeConsole .jp-OutputArea-output', { hasText: expected })
    .first()
    .waitFor({ timeout: 60_000 });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
