/** The sign-in form. */
import { html } from './html.ts';
import { layout } from './layout.ts';
import { alertBox, xsrfField } from './parts.ts';
import type { Account } from './parts.ts';

export interface LoginPage {
  /** Where the form is sent, with `next`. */
  readonly action: string;
  /** Local path to go on to. */
  readonly next: string;
  readonly xsrf: string;
  /** Who is signed in in this browser now, if anybody. */
  readonly current: Account | undefined;
  /** Name to show again after a failed attempt. */
  readonly name: string;
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
}

/** Never holds the password that was tried. */
export function loginPage(page: LoginPage): string {
  const { action, next, xsrf, current, name, problem } = page;
  return layout({
    title: 'Sign in',
    body: html`<h1>Sign in</h1>
      ${alertBox(problem)}
      ${
        current === undefined
          ? html`<p class="soft">Use the name and password you were given, or open your sign-in link.</p>`
          : html`<p class="notice">
              You are signed in as <strong>${current.displayName}</strong> (${current.user}). Signing in below
              ends that session in this browser. <a href="${next}">Go on as ${current.user}</a>
            </p>`
      }
      <form method="post" action="${action}">
        ${xsrfField(xsrf)}
        <label for="name">Name</label>
        <input
          id="name"
          name="name"
          value="${name}"
          required
          maxlength="64"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          ${name === '' && html` autofocus`}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          required
          maxlength="1024"
          autocomplete="current-password"
          ${name !== '' && html` autofocus`}
        />
        <button type="submit">Sign in</button>
      </form>`,
  });
}
