/** `/gate/login`: GET shows who would be signed in, POST does it. */
import type Koa from 'koa';
import { AppError, asAppError } from '../../core/errors.ts';
import type { OpenedSession, SignInOrigin } from '../../manage/sign-in/open-session.ts';
import { previewLink, redeemLink } from '../../manage/sign-in/redeem-link.ts';
import { signInWithPassword } from '../../manage/sign-in/sign-in-with-password.ts';
import { previewToken, signInWithToken } from '../../manage/sign-in/sign-in-with-token.ts';
import { confirmPage } from '../../present/pages/confirm-page.ts';
import { sentence } from '../../present/pages/layout.ts';
import { loginPage } from '../../present/pages/login-page.ts';
import type { Account } from '../../present/pages/parts.ts';
import { note } from '../own-notes.ts';
import { readForm } from './read-form.ts';
import { replyJson, replyPage, replyRedirect, wantsHtml } from './replies.ts';
import type { SignInRoutesDeps } from './sign-in-routes-deps.ts';
import { assertOwnForm, parameter, visit } from './visit.ts';
import type { Visit } from './visit.ts';

/** Refusals after which the form is shown again, so that the person can go on from there. */
const CORRECTABLE = new Set([
  'CREDENTIALS_WRONG',
  'DENIED_DISABLED',
  'TOO_MANY_ATTEMPTS',
  'OVERLOADED',
  'XSRF_MISMATCH',
]);

interface Shown {
  readonly status: number;
  readonly problem: string | undefined;
  readonly name: string;
}

export async function showLogin(deps: SignInRoutesDeps, ctx: Koa.Context): Promise<void> {
  const visited = await visit(deps, ctx);
  if (!wantsHtml(ctx)) replyJson(ctx, 200, { user: visited.current?.user ?? null });
  else await show(deps, ctx, visited, { status: 200, problem: undefined, name: '' });
}

export async function submitLogin(deps: SignInRoutesDeps, ctx: Koa.Context): Promise<void> {
  const visited = await visit(deps, ctx);
  const form = await readForm(ctx.req);
  try {
    assertOwnForm(deps, ctx, { ...visited, form });
    const session = await signIn(deps, ctx, { visited, form });
    enter(deps, ctx, visited, session);
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!wantsHtml(ctx) || !CORRECTABLE.has(error.code)) throw thrown;
    note(ctx, { code: error.code });
    await show(deps, ctx, visited, {
      status: error.status,
      problem: problemOf(error),
      name: form.get('name') ?? '',
    });
  }
}

function signIn(
  deps: SignInRoutesDeps,
  ctx: Koa.Context,
  { visited, form }: { readonly visited: Visit; readonly form: ReadonlyMap<string, string> },
): Promise<OpenedSession> {
  const origin: SignInOrigin = { address: visited.client.address, previous: visited.sessionSecret };
  const code = parameter(ctx, 'link');
  if (code !== undefined) return redeemLink(deps.useCases, { ...origin, code });
  const token = parameter(ctx, 'token');
  if (token !== undefined) return signInWithToken(deps.useCases, { ...origin, token });
  const name = form.get('name');
  const password = form.get('password');
  if (name === undefined || password === undefined) {
    throw new AppError('BODY_INVALID', { detail: 'expected the fields `name` and `password`' });
  }
  return signInWithPassword(deps.useCases, { ...origin, name, password });
}

/** Gives the browser its new session; the cookies `visit` set belong to the old one. */
export function enter(
  deps: SignInRoutesDeps,
  ctx: Koa.Context,
  { client, next }: Visit,
  session: OpenedSession,
): void {
  note(ctx, { subject: session.user, credential: 'session' });
  const { cookies, useCases } = deps;
  const { secure } = client;
  const maxAge = (session.expiresAt - useCases.clock.now()) / 1000;
  const xsrf = cookies.xsrfCookie(undefined, cookies.xsrfValue('session', session.id), secure) ?? [];
  ctx.set('Set-Cookie', [cookies.openSession(session.secret, { secure, maxAge }), xsrf].flat());
  if (wantsHtml(ctx)) replyRedirect(ctx, 303, next);
  else replyJson(ctx, 200, { user: session.user, expires_at: new Date(session.expiresAt).toISOString() });
}

async function show(deps: SignInRoutesDeps, ctx: Koa.Context, visited: Visit, shown: Shown): Promise<void> {
  const { current, xsrf, next } = visited;
  const account = await accountInAddress(deps, ctx, visited.client.address);
  const page =
    account === undefined
      ? loginPage({ action: loginLink(deps.baseUrl, next), next, xsrf, current, ...shown })
      : confirmPage({ account, current, xsrf, home: next, problem: shown.problem });
  replyPage(ctx, shown.status, page);
}

async function accountInAddress(
  deps: SignInRoutesDeps,
  ctx: Koa.Context,
  address: string,
): Promise<Account | undefined> {
  const code = parameter(ctx, 'link');
  if (code !== undefined) return previewLink(deps.useCases, { code, address });
  const token = parameter(ctx, 'token');
  return token === undefined ? undefined : previewToken(deps.useCases, { token, address });
}

/** Address of the sign-in form that goes on to `next`. */
export function loginLink(baseUrl: string, next: string): string {
  const page = `${baseUrl}gate/login`;
  return next === baseUrl ? page : `${page}?next=${encodeURIComponent(next)}`;
}

/** What a person reads above the form that is shown again. */
export function problemOf(error: AppError): string {
  if (error.code === 'XSRF_MISMATCH') {
    return 'This page was out of date, or the browser keeps no cookies. Please try again.';
  }
  return `${sentence(error.message)} ${sentence(error.detail ?? error.hint)}`;
}
