/** `/gate/logout`: GET asks, POST signs out. */
import type Koa from 'koa';
import { signOut } from '../../manage/sign-in/sign-out.ts';
import { logoutPage } from '../../present/pages/logout-page.ts';
import { loginLink } from './login-routes.ts';
import { readForm } from './read-form.ts';
import { replyJson, replyPage, replyRedirect, wantsHtml } from './replies.ts';
import type { SignInRoutesDeps } from './sign-in-routes-deps.ts';
import { assertOwnForm, visit } from './visit.ts';

export async function showLogout(deps: SignInRoutesDeps, ctx: Koa.Context): Promise<void> {
  const { current, xsrf, next } = await visit(deps, ctx);
  if (!wantsHtml(ctx)) {
    replyJson(ctx, 200, { user: current?.user ?? null });
    return;
  }
  const action = `${deps.baseUrl}gate/logout`;
  replyPage(
    ctx,
    200,
    logoutPage({ current, xsrf, action, loginLink: loginLink(deps.baseUrl, next), home: next }),
  );
}

/** Shows the page that says so afterwards; the browser is an anonymous one from then on. */
export async function submitLogout(deps: SignInRoutesDeps, ctx: Koa.Context): Promise<void> {
  const visited = await visit(deps, ctx);
  const form = await readForm(ctx.req);
  assertOwnForm(deps, ctx, { ...visited, form });
  const { client, sessionSecret } = visited;
  if (sessionSecret !== undefined) {
    await signOut(deps.useCases, { secret: sessionSecret, address: client.address });
    ctx.set('Set-Cookie', [deps.cookies.closeSession(client.secure)]);
  }
  if (wantsHtml(ctx)) replyRedirect(ctx, 303, `${deps.baseUrl}gate/logout`);
  else replyJson(ctx, 200, { user: null });
}
