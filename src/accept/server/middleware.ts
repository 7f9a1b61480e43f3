/** The steps of a request before the gate, in the order in which `create-koa-app.ts` lists them. */
import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import { errorAnswer } from '../../core/answer.ts';
import type { Clock } from '../../core/clock.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import type { ClientInfo } from '../../core/http.ts';
import type { Gate } from '../../gate/gate.ts';
import { hasBody } from '../../gate/read-body.ts';
import type { Log } from '../../record/log.ts';
import type { Recorder } from '../../record/recorder.ts';
import { note } from '../own-notes.ts';
import { checkRequest } from './check-request.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import { ownEntry } from './own-entry.ts';
import type { RequestState } from './request-state.ts';

type Step = Koa.Middleware<RequestState>;

/**
 * The target as the client sent it: applications that mount the gate below a prefix cut it off, and keep the whole in
 * `originalUrl` of the context (Koa) or of the request (Express).
 */
export const restoreTarget: Step = (ctx, next) => {
  const { originalUrl } = ctx.req as IncomingMessage & { readonly originalUrl?: string };
  ctx.url = originalUrl ?? ctx.originalUrl;
  return next();
};

/** Names the request, so that its answer, its record and the log can be put together again. */
export function nameRequest(ids: () => string, clock: Clock): Step {
  return (ctx, next) => {
    ctx.state.id = ids();
    ctx.state.at = clock.now();
    ctx.set('X-Request-Id', ctx.state.id);
    return next();
  };
}

/** Records what never reaches the gate, which records the rest: each request is in the record once. */
export function recordOwn(recorder: Pick<Recorder, 'record'>, clock: Clock): Step {
  return async (ctx, next) => {
    await next();
    const { id, at, client, notes = {}, handedOver } = ctx.state;
    if (handedOver === true) return;
    const { status } = ctx;
    const bytes = ctx.response.length ?? 0;
    recorder.record(ownEntry({ id, at, request: ctx.req, client, notes, status, bytes }, clock.now()));
  };
}

/** The one place where what is thrown before the gate, or by a page of its own, becomes an answer. */
export function answerErrors(log: Log): Step {
  return async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      const error = asAppError(thrown);
      const { id } = ctx.state;
      note(ctx, { code: error.code });
      if (error.status >= 500) log.error({ id, code: error.code, cause: error.cause }, error.message);
      if (ctx.headerSent) {
        ctx.res.destroy();
        return;
      }
      const { status, headers, body } = errorAnswer(error);
      ctx.respond = true;
      ctx.status = status;
      for (const [name, value] of Object.entries(headers))
        ctx.set(name, typeof value === 'string' ? value : [...value]);
      // A body nobody read must not be mistaken for the next request on this connection.
      if (!ctx.req.complete) ctx.set('Connection', 'close');
      ctx.body = body;
    }
  };
}

/** Refuses what is not one clear request, and everything while the gate is stopping. */
export function refuseUnclear(exchanges: OpenExchanges): Step {
  return (ctx, next) => {
    if (exchanges.stopping) throw new AppError('STOPPING');
    checkRequest(ctx.req);
    // Only a request with `Connection: upgrade` comes the other way; the bare header means nothing good either.
    if (ctx.req.headers.upgrade !== undefined) throw new AppError('UPGRADE_INVALID');
    return next();
  };
}

/** Refuses a body that the application around the gate has read already. */
export const refuseRead: Step = (ctx, next) => {
  checkUnread(ctx.req);
  return next();
};

/** Finds out where the client is. */
export function locateClient(clientOf: (request: Koa.Context['req']) => ClientInfo): Step {
  return (ctx, next) => {
    ctx.state.client = clientOf(ctx.req);
    return next();
  };
}

/** Hands over to the gate, which answers by itself; the signal tells it when nobody waits any more. */
export function passToGate(gate: Gate, exchanges: OpenExchanges): Step {
  return async (ctx) => {
    const { req: request, res: response, state } = ctx;
    checkUnread(request);
    ctx.respond = false;
    state.handedOver = true;
    const { done, ...exchange } = exchanges.open('http', () => response.destroy());
    response.once('close', () => done(response.writableFinished ? undefined : new AppError('CLIENT_GONE')));
    const { id, at, client } = state;
    await gate.handle({ id, at, client, request, response, ...exchange });
  };
}

/** Whoever needs a body that is gone would wait for it without end. Throws `BODY_CONSUMED`. */
function checkUnread(request: IncomingMessage): void {
  if (request.readableDidRead || (request.readableEnded && hasBody(request))) {
    throw new AppError('BODY_CONSUMED');
  }
}
