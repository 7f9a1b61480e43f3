/** Who opens a page for asking. */
import type Koa from 'koa';
import type { AccessAsker } from '../../core/access-advice.ts';
import { AppError } from '../../core/errors.ts';
import { loginLink } from '../sign-in/login-routes.ts';
import { replyRedirect, wantsHtml } from '../sign-in/replies.ts';
import { visit } from '../sign-in/visit.ts';
import type { Visit } from '../sign-in/visit.ts';
import { askerOf } from './asking-routes-deps.ts';
import type { AskingRoutesDeps } from './asking-routes-deps.ts';

export interface SignedInVisit {
  readonly visited: Visit;
  readonly asker: AccessAsker;
}

/** Undefined for a guest, who was sent to sign in and back. Throws `SIGN_IN_REQUIRED` to a program. */
export async function signedInVisit(
  deps: AskingRoutesDeps,
  ctx: Koa.Context,
): Promise<SignedInVisit | undefined> {
  const visited = await visit(deps, ctx);
  const asker = askerOf(visited);
  if (asker !== undefined) return { visited, asker };
  if (!wantsHtml(ctx)) throw new AppError('SIGN_IN_REQUIRED');
  replyRedirect(ctx, 302, loginLink(deps.baseUrl, ctx.req.url ?? deps.baseUrl));
  return undefined;
}
