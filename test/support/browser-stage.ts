/** What the browser tests stand on: a gate, a browser, a fresh notebook for each test, and people in windows of their own. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser } from './browser.ts';
import type { Visit } from './browser.ts';
import { kernelObserver } from './kernels.ts';
import { startGate } from './running-gate.ts';
import type { RunningGate } from './running-gate.ts';

export interface BrowserStage {
  readonly gate: RunningGate;
  /** Adds a person with these roles and opens a window in which they are signed in; it is closed after the test. */
  visitAs(name: string, ...roles: string[]): Promise<PersonalVisit>;
  /** Ids of all kernels of the server. */
  allKernels(): Promise<string[]>;
}

export interface PersonalVisit extends Visit {
  /** An API token of the same person. */
  readonly token: string;
}

/** Declares the hooks of a suite; what it gives can be used in its tests. `pub/open.ipynb` prints 42. */
export function browserStage(): BrowserStage {
  let gate: RunningGate;
  let browser: Browser;
  let allKernels: () => Promise<string[]>;
  const visits: Visit[] = [];

  before(async () => {
    [gate, browser] = await Promise.all([startGate(), startBrowser()]);
    allKernels = await kernelObserver(gate);
  });
  beforeEach(() => gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)'));
  afterEach(async () => {
    for (const visit of visits.splice(0)) await visit.context.close();
  });
  after(async () => {
    await browser?.close();
    await gate?.stop();
  });

  return {
    get gate() {
      return gate;
    },
    async visitAs(name, ...roles) {
      const token = await gate.person(name, ...roles);
      const visit = await signIn(browser, await gate.link(name));
      visits.push(visit);
      return { ...visit, token };
    },
    allKernels: () => allKernels(),
  };
}
