/** The frame of every page of the gate, and the headers it is sent with. */
import { createHash } from 'node:crypto';
import type { Headers } from '../../core/http.ts';
import { html, trusted } from './html.ts';
import type { Fragment } from './html.ts';
import { ICON, LOGO } from './logo.ts';
import { STYLE } from './style.ts';

// Not part of a template: the hash is over every character between the tags, and formatters move white space.
const STYLE_ELEMENT = trusted(`<style>${STYLE}</style>`);

/**
 * No script but the one given, by its hash, which may ask this gate and nobody else; the one style sheet by its hash,
 * forms to ourselves only, no frame around it. `same-origin` keeps links and tokens in the address out of other sites'
 * logs and, unlike `no-referrer`, leaves `Origin` on our own forms.
 */
export function pageHeaders(script?: string): Headers {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      ...(script === undefined ? [] : [`script-src 'sha256-${hashOf(script)}'`, "connect-src 'self'"]),
      `style-src 'sha256-${hashOf(STYLE)}'`,
      'img-src data:',
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

/** Of every page without a script. */
export const PAGE_HEADERS: Headers = pageHeaders();

export interface Page {
  readonly title: string;
  readonly body: Fragment;
  /** More for the head. */
  readonly head?: Fragment;
}

/** A complete document. */
export function layout({ title, body, head }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Jupyter Gate</title>
        <link rel="icon" href="${ICON}" />
        ${STYLE_ELEMENT} ${head}
      </head>
      <body>
        <main>
          <p class="brand">${LOGO}<span>Jupyter Gate</span></p>
          ${body}
        </main>
      </body>
    </html> `.toString();
}

/** A sentence of the error table as people read it: capital letter, full stop, no code marks. */
export function sentence(text: string): string {
  const plain = text.replaceAll('`', '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}${/[.!?]$/.test(plain) ? '' : '.'}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
