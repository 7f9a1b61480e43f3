/** Every address of the proxy listener that is the gate's own: `/gate/…`, and Jupyter's names for signing in and out. */
import { Router } from '@koa/router';
import type Koa from 'koa';
import { AppError, asAppError } from '../../core/errors.ts';
import { note } from '../own-notes.ts';
import { showDenied } from './denied-route.ts';
import { showLogin, submitLogin } from './login-routes.ts';
import { showLogout, submitLogout } from './logout-routes.ts';
import { replyError, replyJson, replyRedirect } from './replies.ts';
import type { SignInRoutesDeps } from './sign-in-routes-deps.ts';
import { localPath } from './local-path.ts';
import { parameter, visit } from './visit.ts';

type Page = (deps: SignInRoutesDeps, ctx: Koa.Context) => Promise<void> | void;

/** Method and path below the base URL, the whole of it. */
const ROUTES: readonly (readonly [method: 'get' | 'post', path: string, page: Page])[] = [
  ['get', 'gate/login', showLogin],
  ['post', 'gate/login', submitLogin],
  ['get', 'gate/logout', showLogout],
  ['post', 'gate/logout', submitLogout],
  ['get', 'gate/denied', showDenied],
  ['get', 'gate/health', (_deps, ctx) => replyJson(ctx, 200, { status: 'ok' })],
  // Where Jupyter's frontends send people.
  ['get', 'login', (deps, ctx) => redirectTo('gate/login', deps, ctx)],
  ['get', 'logout', (deps, ctx) => redirectTo('gate/logout', deps, ctx)],
];

/** Below the base URL. */
export const SIGN_IN_PATHS: readonly string[] = [...ROUTES.map(([, path]) => path), 'gate'];

/**
 * Answers these addresses whatever happens, and passes all others on. Below `/gate/` nothing is passed on, so no
 * Jupyter extension can stand in for one of these pages. Failures of the gate are emitted as `error` on the app.
 */
export function signInRoutes(deps: SignInRoutesDeps): Koa.Middleware {
  const router = new Router({ sensitive: true, strict: true });
  const base = literal(deps.baseUrl);
  for (const [method, path, page] of ROUTES) {
    router[method](base + path, (ctx: Koa.Context) => answered(deps, ctx, { path, page }));
  }
  for (const path of new Set(ROUTES.map((route) => route[1]))) {
    router.all(base + path, (ctx: Koa.Context) => answered(deps, ctx, { path, page: refuseMethod }));
  }
  router.all([`${base}gate`, `${base}gate/{*rest}`], (ctx: Koa.Context) =>
    answered(deps, ctx, { path: '', page: refuseAddress }),
  );
  // The router adds `params` to the context itself, so it takes the plain one.
  return router.routes() as Koa.Middleware;
}

/** Runs a page; what it throws is shown as a page or JSON. */
export async function answered(
  deps: SignInRoutesDeps,
  ctx: Koa.Context,
  { path, page }: { readonly path: string; readonly page: Page },
): Promise<void> {
  note(ctx, { route: path.replace('/', '.') });
  try {
    await page(deps, ctx);
  } catch (thrown) {
    const error = asAppError(thrown);
    note(ctx, { code: error.code });
    if (error.status >= 500) ctx.app.emit('error', error.cause ?? error, ctx);
    replyError(ctx, error, { baseUrl: deps.baseUrl, account: null });
  }
}

function redirectTo(path: string, { baseUrl }: SignInRoutesDeps, ctx: Koa.Context): void {
  const next = localPath(parameter(ctx, 'next'), baseUrl);
  replyRedirect(ctx, 302, `${baseUrl}${path}${next === baseUrl ? '' : `?next=${encodeURIComponent(next)}`}`);
}

export function refuseMethod(): never {
  throw new AppError('METHOD_UNKNOWN');
}

async function refuseAddress(deps: SignInRoutesDeps, ctx: Koa.Context): Promise<never> {
  await visit(deps, ctx);
  throw new AppError('NOT_FOUND');
}

/** `path` with the characters escaped that mean something in a route pattern. */
export function literal(path: string): string {
  return path.replace(/[{}()[\]+?!:*\\]/g, '\\$&');
}
