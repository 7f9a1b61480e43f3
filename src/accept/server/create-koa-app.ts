/** The Koa application of the proxy listener: its list of middleware is the table of contents of a request. */
import type { IncomingMessage } from 'node:http';
import Koa from 'koa';
import type { Clock } from '../../core/clock.ts';
import type { ClientInfo } from '../../core/http.ts';
import type { Gate } from '../../gate/gate.ts';
import type { Log } from '../../record/log.ts';
import type { Recorder } from '../../record/recorder.ts';
import {
  answerErrors,
  locateClient,
  nameRequest,
  passToGate,
  recordOwn,
  refuseRead,
  refuseUnclear,
  restoreTarget,
} from './middleware.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import type { RequestState } from './request-state.ts';

export interface KoaAppDeps {
  readonly gate: Gate;
  /** The gate's own pages; they see a request before the gate does. */
  readonly pages: readonly Koa.Middleware[];
  readonly clientOf: (request: IncomingMessage) => ClientInfo;
  readonly exchanges: OpenExchanges;
  readonly ids: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: Pick<Recorder, 'record'>;
}

export function createKoaApp(deps: KoaAppDeps): Koa<RequestState> {
  const app = new Koa<RequestState>();
  app.use(restoreTarget);
  app.use(nameRequest(deps.ids, deps.clock));
  app.use(recordOwn(deps.recorder, deps.clock));
  app.use(answerErrors(deps.log));
  app.use(refuseUnclear(deps.exchanges));
  app.use(refuseRead);
  app.use(locateClient(deps.clientOf));
  for (const page of deps.pages) app.use(page);
  app.use(passToGate(deps.gate, deps.exchanges));
  // Koa also reports here that a client went away, which is not an error of ours.
  app.on('error', (error: unknown, ctx?: Koa.ParameterizedContext<RequestState>) => {
    if (ctx?.res.destroyed === true) deps.log.debug({ id: ctx.state.id, error }, 'the client went away');
    else deps.log.error({ id: ctx?.state.id, error }, 'a request failed in the gate');
  });
  return app;
}
