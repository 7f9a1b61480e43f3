/** The page behind an invitation: what it gives and until when, and one button. */
import { html } from './html.ts';
import { layout } from './layout.ts';
import { accountCard, alertBox, xsrfField } from './parts.ts';
import type { Account } from './parts.ts';
import { untilText } from './until-text.ts';

export interface InvitationPage {
  /** `role:temporary`. */
  readonly role: string;
  /** Pattern the role is narrowed to, `''` for none. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Who is signed in in this browser now, if anybody. */
  readonly current: Account | undefined;
  readonly xsrf: string;
  /** Display name to show again after a failed attempt. */
  readonly name: string;
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
  /** Address of the sign-in form that comes back here. */
  readonly loginLink: string;
}

/** The form goes back to the page's own address. No button has the focus: a key held down must not press it. */
export function invitationPage(page: InvitationPage): string {
  const { role, path, expiresAt, problem } = page;
  return layout({
    title: 'Invitation',
    body: html`<h1>You are invited</h1>
      ${alertBox(problem)}
      <p class="soft">
        This link gives you the role
        <strong>${role.replace('role:', '')}</strong>${path !== '' && html` in <strong>${path}</strong>`} on
        this Jupyter Server, until <strong>${untilText(expiresAt)}</strong>.
      </p>
      ${page.current === undefined ? newGuest(page) : knownUser(page, page.current)}`,
  });
}

function newGuest({ name, xsrf, loginLink }: InvitationPage) {
  return html`<form method="post">
      ${xsrfField(xsrf)}
      <input type="hidden" name="as" value="" />
      <label for="display_name">Your name, as others will see it</label>
      <input
        id="display_name"
        name="display_name"
        value="${name}"
        required
        maxlength="60"
        autocomplete="name"
        autofocus
      />
      <button type="submit">Come in</button>
    </form>
    <p class="soft small links">
      <span>You have an account here? <a href="${loginLink}">Sign in first</a>.</span>
    </p>`;
}

function knownUser({ xsrf }: InvitationPage, account: Account) {
  return html`${accountCard(account)}
    <form method="post">
      ${xsrfField(xsrf)}
      <input type="hidden" name="as" value="${account.user}" />
      <button type="submit">Accept as ${account.displayName}</button>
    </form>
    <p class="soft small links">Not you? Close this page and nothing happens.</p>`;
}
