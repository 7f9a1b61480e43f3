/** The forms an answer of the sign-in pages takes: HTML for people, JSON for programs. */
import type Koa from 'koa';
import { errorAnswer, SECURITY_HEADERS } from '../../core/answer.ts';
import type { AppError } from '../../core/errors.ts';
import type { Answer } from '../../core/http.ts';
import { errorPage } from '../../present/pages/error-page.ts';
import { PAGE_HEADERS } from '../../present/pages/layout.ts';

/** Whether the client asked for HTML by name, as every browser does when it goes to a page. */
export function wantsHtml(ctx: Koa.Context): boolean {
  return ctx.get('accept').includes('text/html');
}

export function replyPage(ctx: Koa.Context, status: number, body: string, headers = PAGE_HEADERS): void {
  reply(ctx, { status, headers, body });
}

export function replyJson(ctx: Koa.Context, status: number, value: unknown): void {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'application/json; charset=utf-8' };
  reply(ctx, { status, headers, body: JSON.stringify(value) });
}

/** After a form: `303`, so that the browser goes on with GET. `location` is a path of ours. */
export function replyRedirect(ctx: Koa.Context, status: 302 | 303, location: string): void {
  reply(ctx, { status, headers: { ...SECURITY_HEADERS, location }, body: '' });
}

export function replyError(
  ctx: Koa.Context,
  error: AppError,
  page: { readonly baseUrl: string; readonly account: string | null | undefined },
): void {
  // The rest of a body that nobody reads must not be taken for the next request.
  if (!ctx.req.complete) ctx.set('Connection', 'close');
  if (!wantsHtml(ctx)) reply(ctx, errorAnswer(error));
  else replyPage(ctx, error.status, errorPage(error, page));
}

function reply(ctx: Koa.Context, { status, headers, body }: Answer): void {
  ctx.status = status;
  for (const [name, value] of Object.entries(headers))
    ctx.set(name, typeof value === 'string' ? value : [...value]);
  ctx.body = body;
}
