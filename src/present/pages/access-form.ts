/** The form with which a person asks for what they were refused. */
import { html } from './html.ts';
import type { Html } from './html.ts';
import { xsrfField } from './parts.ts';

export interface AccessForm {
  /** Where the form is sent. */
  readonly action: string;
  readonly xsrf: string;
  /** Words to show again after a failed attempt. */
  readonly reason: string;
}

/** Asking takes a reason and a click; nothing here has the focus, so that a key held down presses nothing. */
export function accessForm({ action, xsrf, reason }: AccessForm): Html {
  return html`<form method="post" action="${action}">
    ${xsrfField(xsrf)}
    <label for="reason">Why do you need it?</label>
    <textarea id="reason" name="reason" rows="3" required maxlength="500" aria-describedby="who-reads">
${reason}</textarea>
    <p class="soft small" id="who-reads">
      An administrator sees your name, what you asked for, and these words.
    </p>
    <button type="submit">Ask for access</button>
  </form>`;
}

/** What ends an address, or is no part of it, where a frontend makes a link of one in a text. */
const UNSURE = /[!'()*]/g;

/** Address of the form for a page or, without one, for a single action. Slashes stay readable. */
export function askLink(baseUrl: string, asked: Readonly<Record<string, string>>): string {
  const encoded = (value: string): string =>
    encodeURIComponent(value)
      .replaceAll('%2F', '/')
      .replace(UNSURE, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = Object.entries(asked).map(([name, value]) => `${name}=${encoded(value)}`);
  return `${baseUrl}gate/ask?${query.join('&')}`;
}
