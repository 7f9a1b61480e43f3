/** Screenshots: written to `.cache/screenshots`, and into docs/ only when asked with SCREENSHOTS=docs. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../src/core/package-root.ts';

export async function screenshot(page: Page, name: string): Promise<void> {
  const directory = process.env['SCREENSHOTS'] === 'docs' ? 'docs/screenshots' : '.cache/screenshots';
  await mkdir(join(packageRoot(), directory), { recursive: true });
  await page.screenshot({ path: join(packageRoot(), directory, `${name}.png`) });
}
