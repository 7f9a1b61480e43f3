/** Two people who open the same notebook in a browser, whatever the frontend. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { Visit } from './browser.ts';
import type { BrowserStage } from './browser-stage.ts';

/** How a frontend is used; lab-page.ts and classic-page.ts say it for theirs. */
export interface Frontend {
  readonly open: (page: Page, url: string, path: string) => Promise<void>;
  readonly kernelIsIdle: (page: Page) => Promise<void>;
  readonly writeCell: (page: Page, source: string) => Promise<void>;
  readonly runCell: (page: Page) => Promise<void>;
  readonly outputShows: (page: Page, expected: string) => Promise<void>;
}

/** Fails unless each of them has a kernel that the other one does not reach. */
export async function haveKernelsOfTheirOwn(
  stage: BrowserStage,
  { open, kernelIsIdle, writeCell, runCell, outputShows }: Frontend,
): Promise<{ readonly first: Visit; readonly second: Visit }> {
  const before = (await stage.allKernels()).length;
  const [first, second] = [await stage.visitAs('ann', 'temporary'), await stage.visitAs('bob', 'temporary')];
  for (const { page } of [first, second]) {
    await open(page, stage.gate.url, 'pub/open.ipynb');
    await kernelIsIdle(page);
  }
  expect(await stage.allKernels()).to.have.length(before + 2);
  await writeCell(first.page, 'secret = 11; print("set", secret)');
  await runCell(first.page);
  await outputShows(first.page, 'set 11');
  await writeCell(second.page, 'print("seen", "secret" in globals())');
  await runCell(second.page);
  await outputShows(second.page, 'seen False');
  // It is still there: the second kernel is another one, not a restarted first one.
  await writeCell(first.page, 'print("kept", secret)');
  await runCell(first.page);
  await outputShows(first.page, 'kept 11');
  return { first, second };
}
