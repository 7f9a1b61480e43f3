/** The Koa application of the proxy listener: its list of middleware is the table of contents of a request. */
import Koa from 'koa';
import type { AcceptDeps } from './handle-upgrade.ts';
import { accountFor, passToGate, takeIn } from './middleware.ts';
import type { RequestState } from './request-state.ts';

export interface KoaAppDeps extends AcceptDeps {
  /** The gate's own pages; they see a request before the gate does. */
  readonly pages: readonly Koa.Middleware[];
}

export function createKoaApp(deps: KoaAppDeps): Koa<RequestState> {
  const app = new Koa<RequestState>();
  app.use(accountFor(deps));
  app.use(takeIn(deps));
  for (const page of deps.pages) app.use(page);
  app.use(passToGate(deps));
  // Koa also reports here that a client went away, which is not an error of ours.
  app.on('error', (error: unknown, ctx?: Koa.ParameterizedContext<RequestState>) => {
    if (ctx?.res.destroyed === true) deps.log.debug({ id: ctx.state.id, error }, 'the client went away');
    else deps.log.error({ id: ctx?.state.id, error }, 'a request failed in the gate');
  });
  return app;
}
