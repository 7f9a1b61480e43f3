/** Asks before signing out: a link alone must not do it. */
import { html } from './html.ts';
import { layout } from './layout.ts';
import { accountCard, xsrfField } from './parts.ts';
import type { Account } from './parts.ts';

export interface LogoutPage {
  /** Undefined when nobody is signed in. */
  readonly current: Account | undefined;
  readonly xsrf: string;
  readonly action: string;
  readonly loginLink: string;
  readonly home: string;
}

/** Says that running kernels are not stopped, which people expect of a Jupyter Server. */
export function logoutPage({ current, xsrf, action, loginLink, home }: LogoutPage): string {
  if (current === undefined) {
    return layout({
      title: 'Signed out',
      body: html`<h1>You are signed out</h1>
        <p class="soft">Nobody is signed in in this browser.</p>
        <a class="button" href="${loginLink}">Sign in</a>`,
    });
  }
  return layout({
    title: 'Sign out',
    body: html`<h1>Sign out?</h1>
      ${accountCard(current)}
      <p class="soft">Save your notebooks first. Kernels go on running until they are shut down.</p>
      <form method="post" action="${action}">
        ${xsrfField(xsrf)}
        <button type="submit">Sign out</button>
      </form>
      <p class="links"><a href="${home}">Stay signed in</a></p>`,
  });
}
