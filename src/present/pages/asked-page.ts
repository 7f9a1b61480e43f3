/** `/gate/asked`: the page of somebody who waits for an answer. It goes on by itself. */
import type { AskedThing } from '../../core/access-advice.ts';
import { deedText } from './access-words.ts';
import { html, trusted } from './html.ts';
import type { Html } from './html.ts';
import { layout, pageHeaders } from './layout.ts';
import { alertBox, xsrfField } from './parts.ts';
import { untilText } from './until-text.ts';

export interface AskedPage {
  readonly state: 'waiting' | 'allowed' | 'ended' | 'declined' | 'withdrawn' | 'expired';
  readonly thing: AskedThing;
  readonly reason: string;
  /** What the administrator wrote. */
  readonly note: string;
  /** When what was given ends, epoch milliseconds. */
  readonly expiresAt: number | null;
  readonly xsrf: string;
  /** Why withdrawing failed. */
  readonly problem: string | undefined;
  /** Where to go on to. */
  readonly next: string;
  readonly askLink: string;
  readonly home: string;
}

/** Asks how it stands and loads the page anew when that changed; without script the page does it itself. */
const SCRIPT = `
const look = async () => {
  try {
    const reply = await fetch(location.href, { headers: { accept: 'application/json' }, cache: 'no-store' });
    if (!reply.ok || (await reply.json()).state !== 'waiting') location.reload();
  } catch {
    // the gate is away for a moment
  }
  setTimeout(look, 2000);
};
setTimeout(look, 1000);
`;
const SCRIPT_ELEMENT = trusted(`<script>${SCRIPT}</script>`);
const WAITING_HEAD = html`<noscript><meta http-equiv="refresh" content="5" /></noscript>${SCRIPT_ELEMENT}`;

/** The only page of the gate with a script. */
export const ASKED_HEADERS = pageHeaders(SCRIPT);

export function askedPage(page: AskedPage): string {
  const { state } = page;
  const { title, body } = PARTS[state](page);
  return layout({
    title,
    ...(state === 'waiting' ? { head: WAITING_HEAD } : {}),
    body: html`<h1>${title}</h1>
      ${alertBox(page.problem)} ${body}`,
  });
}

type Parts = (page: AskedPage) => { readonly title: string; readonly body: Html };

const PARTS: Readonly<Record<AskedPage['state'], Parts>> = {
  waiting: (page) => ({
    title: 'Waiting for an answer',
    body: html`<p>You asked to ${deedText(page.thing)}:</p>
      <blockquote>${page.reason}</blockquote>
      <p class="soft waiting" role="status">
        An administrator has to answer. This page goes on by itself; you may also close it and come back.
      </p>
      <form method="post">
        ${xsrfField(page.xsrf)}
        <button type="submit" class="secondary">Withdraw the request</button>
      </form>
      ${links(page)}`,
  }),
  allowed: (page) => ({
    title: 'You may do this now',
    body: html`<p>
        You may
        ${deedText(page.thing)}${page.expiresAt !== null && html` until <strong>${untilText(page.expiresAt)}</strong>`}.
      </p>
      ${noteText(page)} <a class="button" href="${page.next}">Go on</a>`,
  }),
  ended: (page) => ({
    title: 'This was approved, and does not hold now',
    body: html`<p>You asked to ${deedText(page.thing)}. What was given has ended, or does not reach this.</p>
      ${noteText(page)} ${links(page, true)}`,
  }),
  declined: (page) => ({
    title: 'Your request was declined',
    body: html`<p>You asked to ${deedText(page.thing)}.</p>
      ${noteText(page)} ${links(page, true)}`,
  }),
  withdrawn: (page) => ({
    title: 'You withdrew this request',
    body: html`<p>You asked to ${deedText(page.thing)}.</p>
      ${links(page, true)}`,
  }),
  expired: (page) => ({
    title: 'Nobody answered in time',
    body: html`<p>You asked to ${deedText(page.thing)}.</p>
      ${links(page, true)}`,
  }),
};

function noteText({ note }: AskedPage): Html {
  return note === ''
    ? html``
    : html`<p>The administrator wrote:</p>
        <blockquote>${note}</blockquote>`;
}

function links({ home, askLink }: AskedPage, mayAskAgain = false): Html {
  return html`<p class="links">
    <a href="${home}">Start page</a>${mayAskAgain && html` <a href="${askLink}">Ask again</a>`}
  </p>`;
}
