/** The programs that `npm run prepare:tests` found or installed: a pinned Jupyter, one with shared documents, and Chromium. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/package-root.ts';

export interface TestJupyter {
  /** Absolute path of `jupyter`. */
  readonly command: string;
  readonly serverVersion: string;
  readonly labVersion: string | undefined;
}

export interface TestTools {
  readonly jupyter: TestJupyter;
  /** With jupyter-collaboration. */
  readonly collaboration: TestJupyter;
  /** Absolute path of the browser. */
  readonly chromium: string;
}

/** Throws with the command to run when the tests were not prepared. */
export function testTools(): TestTools {
  const path = join(packageRoot(), '.cache', 'test-tools.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestTools;
  } catch (cause) {
    throw new Error('the integration tests need Jupyter and Chromium: run `npm run prepare:tests` first', {
      cause,
    });
  }
}
