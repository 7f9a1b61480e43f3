/** The classic notebook as a person uses it: what to look for and where to click. */
import type { Page } from 'playwright-core';

const CODE_CELL = '.code_cell';

/** Opens it and waits until notebook and extensions are loaded. */
export async function openInClassic(page: Page, url: string, path: string): Promise<void> {
  await page.goto(`${url}/notebooks/${path}`);
  await page.waitForSelector(`${CODE_CELL} .CodeMirror`, { timeout: 60_000 });
  // Its own words for "ready": the name it shows and the read-only sign are set by then.
  await page.waitForFunction('window.Jupyter && Jupyter.notebook && Jupyter.notebook._fully_loaded', null, {
    timeout: 60_000,
  });
}

export async function kernelIsIdle(page: Page): Promise<void> {
  await page.waitForSelector('#kernel_indicator_icon.kernel_idle_icon', { timeout: 60_000 });
  // While it starts, the same sign is shown for a moment before the kernel is connected.
  await page.waitForFunction('Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()', null, {
    timeout: 60_000,
  });
}

/** Replaces the source of the first code cell. */
export async function writeCell(page: Page, source: string): Promise<void> {
  await focusFirstCell(page);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(source);
}

export async function focusFirstCell(page: Page): Promise<void> {
  await page.locator(`${CODE_CELL} .CodeMirror`).first().click();
}

export async function runCell(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter');
}

/** Waits until an output holds `expected`. */
export async function outputShows(page: Page, expected: string): Promise<void> {
  await page.locator(`${CODE_CELL} .output_area`, { hasText: expected }).first().waitFor({ timeout: 60_000 });
}

export function outputs(page: Page): Promise<string[]> {
  return page.$$eval(`${CODE_CELL} .output_area`, (all) => all.map((area) => area.textContent ?? ''));
}

export function dialogs(page: Page): Promise<string[]> {
  return page.$$eval('.modal.in', (all) => all.map((dialog) => dialog.textContent ?? ''));
}

/** Waits until the coloured note of `kind` beside the menus says `expected`. */
export async function noteSays(page: Page, kind: 'kernel' | 'notebook', expected: string): Promise<void> {
  await page.locator(`#notification_${kind}`, { hasText: expected }).waitFor({ timeout: 30_000 });
}

/** Prompt in front of the first code cell, e.g. `In [1]:`. */
export function prompt(page: Page): Promise<string> {
  return page.$eval(`${CODE_CELL} .input_prompt`, (element) => element.textContent ?? '');
}

/**
 * `refused` without the one request that fails on every server without ipywidgets: the classic notebook looks for their
 * extension whether it is installed or not (nbclassic, `notebook/js/main.js`).
 */
export function withoutWidgetsProbe(refused: readonly string[]): string[] {
  return refused.filter((line) => line !== 'GET /nbextensions/widgets/notebook/js/extension.js 404');
}
