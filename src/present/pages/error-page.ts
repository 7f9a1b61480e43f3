/** A refusal or failure as a page, for browsers that went to an address themselves. */
import type { AppError } from '../../core/errors.ts';
import type { AccessAdvice } from '../../core/access-advice.ts';
import { accessForm } from './access-form.ts';
import { adviceText, deedText } from './access-words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { layout, sentence } from './layout.ts';

export interface ErrorPageContext {
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
  /** Name of who is signed in; undefined for nobody, `null` when that was not found out. */
  readonly account?: string | null | undefined;
  /** Id under which the record keeps the request. */
  readonly requestId?: string | undefined;
  /** What was refused, and how to ask for it. */
  readonly offer?: AccessOffer | undefined;
}

export interface AccessOffer {
  readonly advice: AccessAdvice;
  /** Where the form is sent. */
  readonly action: string;
  readonly xsrf: string;
}

/** Message, detail and hint of the table, the code, and where to go from here; never a cause. */
export function errorPage(error: AppError, { baseUrl, account, requestId, offer }: ErrorPageContext): string {
  // The detail of a refusal names what was asked, which is no sentence.
  const asked = error.code.startsWith('DENIED_') ? error.detail : undefined;
  return layout({
    title: headline(error),
    body: html`<h1>${headline(error)}</h1>
      <p>
        ${offer !== undefined && html`You asked to ${deedText(offer.advice.thing)}. `}${sentence(error.message)}
      </p>
      ${error.detail !== undefined && error.detail !== asked && html`<p class="soft">${sentence(error.detail)}</p>`}
      ${offer === undefined ? html`<p class="soft">${sentence(error.hint)}</p>` : asking(offer)}
      <dl>
        ${
          asked !== undefined &&
          offer === undefined &&
          html`<dt>Asked</dt>
            <dd>${asked.replaceAll('`', '')}</dd>`
        }
        <dt>Code</dt>
        <dd><code>${error.code}</code></dd>
        ${
          requestId !== undefined &&
          html`<dt>Request</dt>
            <dd><code>${requestId}</code></dd>`
        }
        ${
          account !== null &&
          html`<dt>Signed in</dt>
            <dd>${account ?? 'nobody'}</dd>`
        }
      </dl>
      <p class="links">
        <a href="${baseUrl}">Start page</a>
        <a href="${baseUrl}gate/login"
          >${typeof account !== 'string' ? 'Sign in' : 'Sign in as somebody else'}</a
        >
      </p>`,
  });
}

function asking({ advice, action, xsrf }: AccessOffer): Html {
  return html`${adviceText(advice)} ${accessForm({ action, xsrf, reason: '' })}`;
}

function headline({ code, status }: AppError): string {
  if (code === 'LINK_INVALID') return 'This link does not work any more';
  if (code === 'XSRF_MISMATCH' || code === 'ORIGIN_MISMATCH' || code === 'HOST_UNKNOWN')
    return 'This request was stopped';
  switch (status) {
    case 401:
      return 'Please sign in';
    case 403:
      return 'You may not do this';
    case 404:
      return 'Nothing here';
    case 429:
      return 'One moment, please';
    case 502:
    case 503:
    case 504:
      return 'Not available right now';
    default:
      return status >= 500 ? 'Something went wrong' : 'This did not work';
  }
}
