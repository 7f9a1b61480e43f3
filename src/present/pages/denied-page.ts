/** Explains a refusal that happened inside a frontend: what was asked and why it was refused. */
import type { AppError } from '../../core/errors.ts';
import { html } from './html.ts';
import { layout, sentence } from './layout.ts';

export interface DeniedPage {
  readonly error: AppError;
  /** What was asked: action, resource, path; each may be missing. */
  readonly action: string | undefined;
  readonly resource: string | undefined;
  readonly path: string | undefined;
  /** Name of who is signed in, if anybody. */
  readonly account: string | undefined;
  readonly home: string;
  readonly loginLink: string;
}

/** Made of known labels and a path only, so that nobody can put words of their own into the gate's mouth. */
export function deniedPage({ error, action, resource, path, account, home, loginLink }: DeniedPage): string {
  return layout({
    title: 'Refused',
    body: html`<h1>This was refused</h1>
      <p>${sentence(error.message)}</p>
      <p class="soft">${sentence(error.hint)}</p>
      <dl>
        ${
          action !== undefined &&
          html`<dt>Action</dt>
            <dd>${action}</dd>`
        }
        ${
          resource !== undefined &&
          html`<dt>Resource</dt>
            <dd>${resource}</dd>`
        }
        ${
          path !== undefined &&
          html`<dt>Path</dt>
            <dd><code>${path}</code></dd>`
        }
        <dt>Code</dt>
        <dd><code>${error.code}</code></dd>
        <dt>Signed in</dt>
        <dd>${account ?? 'nobody'}</dd>
      </dl>
      <p class="links">
        <a href="${home}">Start page</a>
        <a href="${loginLink}">${account === undefined ? 'Sign in' : 'Sign in as somebody else'}</a>
      </p>`,
  });
}
