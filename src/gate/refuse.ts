/** The one place where an error becomes an answer of the proxy listener: JSON for programs, a page or a redirect for people. */
import type { IncomingMessage } from 'node:http';
import type { AccessAdvice } from '../core/access-advice.ts';
import { SECURITY_HEADERS, errorAnswer } from '../core/answer.ts';
import { describeError } from '../core/errors.ts';
import type { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import { notFoundAnswer } from '../core/not-found.ts';
import { withoutParameters } from '../core/target.ts';
import { askLink } from '../present/pages/access-form.ts';
import { errorPage } from '../present/pages/error-page.ts';
import type { AccessOffer } from '../present/pages/error-page.ts';
import { PAGE_HEADERS } from '../present/pages/layout.ts';
import { askAddress } from './ask-address.ts';
import type { Trail } from './trail.ts';

export interface RefuseOptions {
  readonly baseUrl: string;
  /** Status of a refusal by the policy: 403, or 401 for those who want the older convention. */
  readonly deniedStatus: 401 | 403;
  /** Whether people may ask for what they were refused. */
  readonly asking?: boolean | undefined;
  /** What the page of this refusal offers. */
  readonly advice?: AccessAdvice | undefined;
}

const PERSONAL = { vary: 'Cookie, Authorization' } as const;

/** The answer for `error`. Says nothing of causes; these are for the log. */
export function refuse(
  error: AppError,
  request: IncomingMessage,
  trail: Trail,
  options: RefuseOptions,
): Answer {
  if (isNavigation(request, trail)) return page(error, request, trail, options);
  const answer =
    error.code === 'NOT_FOUND'
      ? notFoundAnswer(error)
      : errorAnswer(error, { ...inBrief(error, trail), ...whereToAsk(error, trail, options) });
  return {
    ...answer,
    status: statusOf(error, trail, options),
    headers: { ...answer.headers, ...PERSONAL, ...challenge(error) },
  };
}

/**
 * The classic notebook shows this beside the kernel's name when it could not start one, and `Kernel error` without it
 * (nbclassic, `notificationarea.js`); the message is one click away.
 */
function inBrief(error: AppError, { questions }: Trail): Record<string, string> {
  const runs = questions.some(({ res, act }) => res === 'kernels' && act === 'execute');
  return runs && error.code.startsWith('DENIED_') ? { short_message: 'You may not run code' } : {};
}

/** JupyterLab shows the message alone, so the address stands in it too. */
function whereToAsk(error: AppError, trail: Trail, options: RefuseOptions): Record<string, string> {
  const { refused, identity, client } = trail;
  if (options.asking !== true || error.code !== 'DENIED_BY_POLICY') return {};
  if (refused === undefined || identity === undefined) return {};
  const ask = askAddress(refused, { identity, client }, options.baseUrl);
  return ask === undefined ? {} : { message: `${describeError(error)}; ask for it at ${ask}`, ask };
}

/** Whether a person's browser is going to a page, as opposed to a frontend asking an API. */
export function isNavigation(request: IncomingMessage, trail: Trail): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return trail.match?.page === true || (request.headers.accept ?? '').includes('text/html');
}

function page(error: AppError, request: IncomingMessage, trail: Trail, options: RefuseOptions): Answer {
  if (error.code === 'SIGN_IN_REQUIRED') {
    const next = encodeURIComponent(withoutParameters(request.url ?? options.baseUrl, ['token', '_xsrf']));
    return {
      status: 302,
      headers: { ...SECURITY_HEADERS, ...PERSONAL, location: `${options.baseUrl}gate/login?next=${next}` },
      body: '',
    };
  }
  const account = trail.identity?.credential === 'none' ? undefined : trail.identity?.displayName;
  return {
    status: statusOf(error, trail, options),
    headers: { ...PAGE_HEADERS, ...PERSONAL },
    body: errorPage(error, {
      baseUrl: options.baseUrl,
      account,
      requestId: trail.id,
      offer: offer(request, trail, options),
    }),
  };
}

function offer(
  request: IncomingMessage,
  { identity }: Trail,
  { baseUrl, advice }: RefuseOptions,
): AccessOffer | undefined {
  if (advice === undefined) return undefined;
  const next = withoutParameters(request.url ?? baseUrl, ['token', '_xsrf']);
  return { advice, action: askLink(baseUrl, { next }), xsrf: identity?.xsrf ?? '' };
}

/**
 * Checkpoints stay 403 whatever the operator chose: JupyterLab treats any other status there as a broken document
 * and never starts the kernel.
 */
function statusOf(error: AppError, trail: Trail, { deniedStatus }: RefuseOptions): number {
  const denied = error.code.startsWith('DENIED_') && trail.match?.resource !== 'checkpoints';
  return denied ? deniedStatus : error.status;
}

function challenge(error: AppError): Record<string, string> {
  return error.status === 401 ? { 'www-authenticate': 'Bearer realm="jupyter-gate"' } : {};
}
