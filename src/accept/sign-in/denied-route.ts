/** `/gate/denied?code=&act=&res=&path=`: explains a refusal in words. */
import type Koa from 'koa';
import { canonicalPath } from '../../core/canonical-path.ts';
import { ERRORS } from '../../core/error-table/error-table.ts';
import { AppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { isAction, isResource } from '../../core/labels.ts';
import { deniedPage } from '../../present/pages/denied-page.ts';
import { loginLink } from './login-routes.ts';
import { replyError, replyPage, wantsHtml } from './replies.ts';
import type { SignInRoutesDeps } from './sign-in-routes-deps.ts';
import { parameter, visit } from './visit.ts';

/** Statuses of what is refused to somebody; all others are about the request or the gate, and nobody is sent here by them. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404]);

/** Throws `NOT_FOUND` for what is no code of such a refusal, and `PATH_INVALID`. Unknown labels are left out. */
export async function showDenied(deps: SignInRoutesDeps, ctx: Koa.Context): Promise<void> {
  const { current, next } = await visit(deps, ctx);
  const error = refusalOf(parameter(ctx, 'code') ?? 'DENIED_BY_POLICY');
  if (!wantsHtml(ctx)) {
    replyError(ctx, error, { baseUrl: deps.baseUrl, account: current?.displayName });
    return;
  }
  const [action, resource, path] = [parameter(ctx, 'act'), parameter(ctx, 'res'), parameter(ctx, 'path')];
  const page = deniedPage({
    error,
    action: action !== undefined && isAction(action) ? action : undefined,
    resource: resource !== undefined && isResource(resource) ? resource : undefined,
    path: path === undefined ? undefined : canonicalPath(path),
    account: current?.displayName,
    home: deps.baseUrl,
    loginLink: loginLink(deps.baseUrl, next),
  });
  replyPage(ctx, error.status, page);
}

function refusalOf(code: string): AppError {
  if (!isErrorCode(code) || !REFUSALS.has(ERRORS[code].status)) throw new AppError('NOT_FOUND');
  return new AppError(code);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
