/** The pages for asking for access. */
import { Router } from '@koa/router';
import type Koa from 'koa';
import { answered, literal, refuseMethod } from '../sign-in/sign-in-routes.ts';
import { showAsk, submitAsk } from './ask-routes.ts';
import { showAsked, submitAsked } from './asked-routes.ts';
import type { AskingRoutesDeps } from './asking-routes-deps.ts';

type Page = (deps: AskingRoutesDeps, ctx: Koa.Context) => Promise<void>;

/** Path below the base URL, what GET shows and what POST does. */
const PAGES: readonly (readonly [path: string, show: Page, submit: Page])[] = [
  ['gate/ask', showAsk, submitAsk],
  ['gate/asked', showAsked, submitAsked],
];

/** Answers these addresses and passes all others on. */
export function accessRequestRoutes(deps: AskingRoutesDeps): Koa.Middleware {
  const router = new Router({ sensitive: true, strict: true });
  for (const [path, show, submit] of PAGES) {
    const address = literal(deps.baseUrl + path);
    const answer = (page: Page | typeof refuseMethod) => (ctx: Koa.Context) =>
      answered(deps, ctx, { path, page: (_deps, inner) => page(deps, inner) });
    router.get(address, answer(show));
    router.post(address, answer(submit));
    router.all(address, answer(refuseMethod));
  }
  // The router adds `params` to the context itself, so it takes the plain one.
  return router.routes() as Koa.Middleware;
}
