/** A real browser for the tests: one Chromium, a fresh profile for each person, and what went wrong during their visit. */
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { testTools } from './tools.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: testTools().chromium, args: FLAGS });
}

/** What a visit met that it should not: filled while the page lives. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** `METHOD path status` of every answer of 400 and above. */
  readonly refused: string[];
  /** Sockets that closed before they opened. */
  readonly brokenSockets: string[];
  /** `METHOD path status` of every answer so far. */
  readonly answers: string[];
}

/** Opens a profile and signs in with a one-time link: one click on the page that names the account. */
export async function signIn(browser: Browser, link: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const refused: string[] = [];
  const brokenSockets: string[] = [];
  const answers: string[] = [];
  page.on('response', (response) => {
    const answer = `${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`;
    answers.push(answer);
    if (response.status() >= 400) refused.push(answer);
  });
  page.on('websocket', (socket) =>
    socket.on('socketerror', (error) => brokenSockets.push(`${socket.url()} ${error}`)),
  );
  await page.goto(link);
  await Promise.all([
    page.waitForURL((url) => !url.pathname.includes('/gate/')),
    page.click('button[type=submit]'),
  ]);
  return { context, page, refused, brokenSockets, answers };
}
