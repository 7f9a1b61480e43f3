/** JupyterLab as a person uses it: what to look for and where to click. */
import type { Page } from 'playwright-core';

/** How often the focus must be seen in its place. */
const LOOKS = 5;
const CODE_CELL = '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell';

export async function openInLab(page: Page, url: string, path: string): Promise<void> {
  await page.goto(`${url}/lab/tree/${path}`);
  await page.waitForSelector(CODE_CELL, { timeout: 60_000 });
}

/** Waits until the notebook's kernel is connected and idle. */
export async function kernelIsIdle(page: Page): Promise<void> {
  // The indicator in the toolbar also says idle where there is no kernel at all.
  await page.locator('#jp-main-statusbar', { hasText: /\(ipykernel\) \| Idle/ }).waitFor({ timeout: 90_000 });
}

/** Puts the cursor into the first code cell. JupyterLab moves the focus itself while it restores its layout: until it stays. */
export async function focusFirstCell(page: Page): Promise<void> {
  const editor = page.locator(`${CODE_CELL} .cm-content`).first();
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const stays = await editor.evaluate((element) => element === document.activeElement);
    if (!stays) {
      looks = 0;
      await editor.click();
    }
    await page.waitForTimeout(300);
  }
}

/** Replaces the source of the first code cell. */
export async function writeCell(page: Page, source: string): Promise<void> {
  await focusFirstCell(page);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(source);
}

export async function runCell(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter');
}

/** Waits until an output of the open notebook holds `expected`. */
export async function outputShows(page: Page, expected: string): Promise<void> {
  await page
    .locator(`${CODE_CELL} .jp-OutputArea-output`, { hasText: expected })
    .first()
    .waitFor({ timeout: 60_000 });
}

export function outputs(page: Page): Promise<string[]> {
  return page.$$eval('.jp-NotebookPanel .jp-OutputArea-output', (all) =>
    all.map((output) => output.textContent ?? ''),
  );
}

/** Waits for a dialog that says `expected`. */
export async function dialogSays(page: Page, expected: string): Promise<void> {
  await page.locator('.jp-Dialog', { hasText: expected }).waitFor({ timeout: 30_000 });
}

/** Presses the dialog's first choice and waits until it is gone. */
export async function acceptDialog(page: Page, title: string): Promise<void> {
  const dialog = page.locator('.jp-Dialog', { hasText: title });
  await dialog.locator('.jp-mod-accept').click();
  await dialog.waitFor({ state: 'detached', timeout: 30_000 });
}

/** Saves and waits until JupyterLab has nothing unsaved any more. */
export async function save(page: Page): Promise<void> {
  const answer = (method: string, part: string) =>
    page.waitForResponse(
      (response) => response.request().method() === method && response.url().includes(part),
      { timeout: 60_000 },
    );
  // A checkpoint follows each save: without waiting for it, it would still be under way when the test goes on.
  const written = [answer('PUT', '/api/contents/'), answer('POST', '/checkpoints')];
  await page.keyboard.press('Control+S');
  await Promise.all(written);
  await page.locator('.jp-mod-dirty').waitFor({ state: 'detached', timeout: 30_000 });
}

/** Texts of the notes in the corner. */
export function toasts(page: Page): Promise<string[]> {
  return page.$$eval('.Toastify__toast', (all) => all.map((toast) => toast.textContent ?? ''));
}

export function dialogs(page: Page): Promise<string[]> {
  return page.$$eval('.jp-Dialog', (all) => all.map((dialog) => dialog.textContent ?? ''));
}

/** Prompt in front of the first code cell, e.g. `[1]:`. */
export function prompt(page: Page): Promise<string> {
  return page.$eval(`${CODE_CELL} .jp-InputPrompt`, (element) => element.textContent ?? '');
}
