/** JupyterLab as a person uses it: what to look for and where to click. */
import type { Page } from 'playwright-core';

const CODE_CELL = '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell';

export async function openInLab(page: Page, url: string, path: string): Promise<void> {
  await page.goto(`${url}/lab/tree/${path}`);
  await page.waitForSelector(CODE_CELL, { timeout: 60_000 });
}

/** Waits until the notebook's kernel is connected and idle. */
export async function kernelIsIdle(page: Page): Promise<void> {
  await page.waitForSelector('.jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status="idle"]', {
    timeout: 60_000,
  });
}

/** Puts the cursor into the first code cell. JupyterLab moves the focus itself once more while it restores its layout. */
export async function focusFirstCell(page: Page): Promise<void> {
  await page.waitForTimeout(2000);
  await page.click(`${CODE_CELL} .cm-content`);
}

export async function runCell(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter');
}

/** Waits until an output of the open notebook holds `expected`. */
export async function outputShows(page: Page, expected: string): Promise<void> {
  await page
    .locator(`${CODE_CELL} .jp-OutputArea-output`, { hasText: expected })
    .first()
    .waitFor({ timeout: 30_000 });
}

export function dialogs(page: Page): Promise<string[]> {
  return page.$$eval('.jp-Dialog', (all) => all.map((dialog) => dialog.textContent ?? ''));
}

/** Prompt in front of the first code cell, e.g. `[1]:`. */
export function prompt(page: Page): Promise<string> {
  return page.$eval(`${CODE_CELL} .jp-InputPrompt`, (element) => element.textContent ?? '');
}
