/** Pieces that several pages share. */
import { html } from './html.ts';
import type { Html } from './html.ts';

export interface Account {
  readonly user: string;
  readonly displayName: string;
}

/** Name and initial of an account, so that nobody signs in as the wrong one unawares. */
export function accountCard({ user, displayName }: Account): Html {
  const [initial = '?'] = displayName === '' ? user : displayName;
  return html`<p class="account">
    <span class="initial" aria-hidden="true">${initial}</span>
    <span><strong>${displayName === '' ? user : displayName}</strong><small>${user}</small></span>
  </p>`;
}

/** What went wrong, read aloud at once. */
export function alertBox(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="notice" role="alert">${text}</p>`;
}

/** The value that shows the form came from a page of ours. */
export function xsrfField(value: string): Html {
  return html`<input type="hidden" name="_xsrf" value="${value}" />`;
}
