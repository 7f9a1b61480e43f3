/** What the page of a refusal may offer the person in front of it. */
import type { AccessAdvice, AdviseOnPage } from '../core/access-advice.ts';
import type { AppError, ErrorCode } from '../core/errors.ts';
import { withoutParameters } from '../core/target.ts';
import type { HttpExchange } from './gate.ts';
import { isNavigation } from './refuse.ts';
import type { Trail } from './trail.ts';

/** Refusals that an administrator can answer. What is not there for the asker looks the same whoever says so: no form. */
const ASKABLE: ReadonlySet<ErrorCode> = new Set(['DENIED_BY_POLICY', 'DENIED_BY_RULE']);

/** Undefined for guests, who sign in first, for programs, and where there is nothing to ask for. Never rejects. */
export async function adviceOn(
  advise: AdviseOnPage | undefined,
  { request, client }: Pick<HttpExchange, 'request' | 'client'>,
  { error, trail }: { readonly error: AppError; readonly trail: Trail },
): Promise<AccessAdvice | undefined> {
  const { identity } = trail;
  if (advise === undefined || identity?.credential !== 'session') return undefined;
  if (!ASKABLE.has(error.code) || !isNavigation(request, trail)) return undefined;
  const address = withoutParameters(request.url ?? '', ['token', '_xsrf']);
  return advise({ subject: identity.subject, ip: client.address }, address);
}
