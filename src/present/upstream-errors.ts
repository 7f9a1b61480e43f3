/**
 * Replies of the Jupyter Server with a status of 400 or more. Its HTML error pages hold its token (template `page.html`),
 * so they are never passed on; JSON errors keep what a person can use and lose tracebacks and paths of the system.
 */
import { AppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import { notFound, notFoundAnswer } from '../core/not-found.ts';
import type { Classified } from '../core/classified.ts';
import { isSignedIn } from '../core/identity.ts';
import { errorPage } from './pages/error-page.ts';
import { PAGE_HEADERS } from './pages/layout.ts';
import type { Asker } from './presenter.ts';
import type { Exchange, PresentDeps, Reply } from './presentation.ts';
import { headerValue, isObject, jsonAnswer, VARY } from './reply.ts';
import type { JsonObject } from './reply.ts';
import { isForPeople } from './resource-kinds.ts';
import { createScrubber } from './token-scrubber.ts';

/** An absolute path of at least two segments, as it stands in a message. */
const SYSTEM_PATH = /(?<=^|[\s'"`(=:])(?:\/[^\s'"`():]+){2,}\/?|\b[A-Z]:\\[^\s'"`]+/g;

/** The reply as a person may read it. 401 would say that they are not signed in: it is the gate that was refused. */
export function upstreamError(deps: PresentDeps, { classified, asker, reply }: Exchange): Answer {
  const status = reply.status === 401 ? 502 : reply.status;
  const json = parse(reply);
  if (json === undefined && isForPeople(classified)) return htmlError(deps, status, asker);
  if (status === 404 && namesSomething(classified)) return gone(classified);
  const error = new AppError(codeOf(status));
  const scrub = createScrubber(deps.upstreamToken);
  const text = (value: unknown): string | null =>
    typeof value === 'string' ? withoutPaths(scrub(value), classified) : null;
  const { message, reason } = json ?? {};
  return jsonAnswer(status, {
    message: text(message) ?? error.message,
    reason: text(reason),
    code: error.code,
  });
}

function namesSomething({ object, path }: Classified): boolean {
  return object !== undefined || path !== '';
}

/** As if the gate had said it: which of the two found nothing is nobody's business. */
function gone(classified: Classified): Answer {
  const { headers, ...answer } = notFoundAnswer(notFound(classified));
  return { ...answer, headers: { ...headers, vary: VARY } };
}

function htmlError({ baseUrl }: PresentDeps, status: number, { identity }: Asker): Answer {
  const account = isSignedIn(identity) ? identity.displayName : undefined;
  return {
    status,
    headers: { ...PAGE_HEADERS, vary: VARY },
    body: errorPage(new AppError(codeOf(status)), { baseUrl, account }),
  };
}

function codeOf(status: number): ErrorCode {
  return status === 404 ? 'NOT_FOUND' : 'UPSTREAM_ERROR_PAGE';
}

/** What the person asked for themselves may stay. */
function withoutPaths(text: string, { path }: Classified): string {
  return text.replace(SYSTEM_PATH, (found) => (found === path ? found : '…'));
}

function parse({ headers, body }: Reply): JsonObject | undefined {
  if (!headerValue(headers, 'content-type').toLowerCase().includes('json')) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
