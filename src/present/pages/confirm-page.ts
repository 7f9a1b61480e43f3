/** The page behind a sign-in link or a token in the address: it names the account and has one button. */
import { html } from './html.ts';
import { layout } from './layout.ts';
import { accountCard, alertBox, xsrfField } from './parts.ts';
import type { Account } from './parts.ts';

export interface ConfirmPage {
  readonly account: Account;
  /** Who is signed in in this browser now, if anybody. */
  readonly current: Account | undefined;
  readonly xsrf: string;
  /** Why the last click did not count. */
  readonly problem: string | undefined;
  /** Where else to go: the start page. */
  readonly home: string;
}

/**
 * The form goes back to the page's own address, so the link or token is not repeated in the HTML. The button has no
 * focus: a key held down while another site leads here must not press it.
 */
export function confirmPage({ account, current, xsrf, home, problem }: ConfirmPage): string {
  const replaces = current !== undefined && current.user !== account.user;
  return layout({
    title: 'Sign in',
    body: html`<h1>Sign in as ${account.displayName}?</h1>
      ${alertBox(problem)}
      <p class="soft">This link signs this browser in to the following account.</p>
      ${accountCard(account)}
      ${
        replaces &&
        html`<p class="notice">
          You are signed in as <strong>${current.displayName}</strong> (${current.user}) now. That session
          ends when you go on. <a href="${home}">Stay signed in as ${current.user}</a>
        </p>`
      }
      <form method="post">
        ${xsrfField(xsrf)}
        <button type="submit">Continue as ${account.user}</button>
      </form>
      <p class="soft small links">Not you? Close this page and nothing happens.</p>`,
  });
}
