/** The steps of a request before the gate, in the order in which `create-koa-app.ts` lists them. */
import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import { errorAnswer } from '../../core/answer.ts';
import { Ending } from '../../core/ending.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import { NOWHERE } from '../../core/roster.ts';
import { hasBody } from '../../gate/read-body.ts';
import { note } from '../own-notes.ts';
import { checkRequest } from './check-request.ts';
import type { AcceptDeps } from './handle-upgrade.ts';
import { ownEntry } from './own-entry.ts';
import type { OpenExchange } from './open-exchanges.ts';
import type { RequestState } from './request-state.ts';

type Step = Koa.Middleware<RequestState>;
type Context = Parameters<Step>[0];

/**
 * Accounts for the request. It gets a name, so that its answer, its record and the log can be put together again. What
 * never reaches the gate, which answers and records the rest, is answered and recorded here: each is in the record once.
 */
export function accountFor({ ids, clock, log, recorder }: AcceptDeps): Step {
  return async (ctx, next) => {
    const { state } = ctx;
    state.id = ids();
    state.at = clock.now();
    restoreTarget(ctx);
    try {
      await next();
    } catch (thrown) {
      answerError(ctx, asAppError(thrown), log);
    }
    if (state.handedOver === true) return;
    if (!ctx.headerSent) ctx.set('X-Request-Id', state.id);
    const { id, at, client, notes = {} } = state;
    const bytes = ctx.response.length ?? 0;
    recorder.record(
      ownEntry({ id, at, request: ctx.req, client, notes, status: ctx.status, bytes }, clock.now()),
    );
  };
}

/** Refuses what is not one clear request, and everything while the gate is stopping; finds out where the client is. */
export function takeIn({ exchanges, clientOf }: AcceptDeps): Step {
  return (ctx, next) => {
    if (exchanges.stopping) throw new AppError('STOPPING');
    checkRequest(ctx.req);
    // Only a request with `Connection: upgrade` comes the other way; the bare header means nothing good either.
    if (ctx.req.headers.upgrade !== undefined) throw new AppError('UPGRADE_INVALID');
    checkUnread(ctx.req);
    ctx.state.client = clientOf(ctx.req);
    return next();
  };
}

/** Hands over to the gate, which answers by itself, and tells it when nobody waits any more. */
export function passToGate({ gate, exchanges }: AcceptDeps): Step {
  return (ctx) => {
    const { req: request, res: response, state } = ctx;
    checkUnread(request);
    ctx.respond = false;
    state.handedOver = true;
    const ending = new Ending();
    const open: OpenExchange = {
      kind: 'http',
      end: (reason) => ending.end(reason),
      destroy: () => void response.destroy(),
      place: NOWHERE,
    };
    exchanges.add(open);
    response.once('close', () => {
      if (!response.writableFinished) ending.end(new AppError('CLIENT_GONE'));
      exchanges.remove(open);
    });
    const { id, at, client } = state;
    return gate.handle({ id, at, client, request, response, ending });
  };
}

/**
 * The target as the client sent it: applications that mount the gate below a prefix cut it off, and keep the whole in
 * `originalUrl` of the context (Koa) or of the request (Express).
 */
function restoreTarget(ctx: Context): void {
  const { originalUrl } = ctx.req as IncomingMessage & { readonly originalUrl?: string };
  ctx.url = originalUrl ?? ctx.originalUrl;
}

/** The one place where what is thrown before the gate, or by a page of its own, becomes an answer. */
function answerError(ctx: Context, error: AppError, log: AcceptDeps['log']): void {
  note(ctx, { code: error.code });
  if (error.status >= 500)
    log.error({ id: ctx.state.id, code: error.code, cause: error.cause }, error.message);
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

/** Whoever needs a body that is gone would wait for it without end. Throws `BODY_CONSUMED`. */
function checkUnread(request: IncomingMessage): void {
  if (request.readableDidRead || (request.readableEnded && hasBody(request))) {
    throw new AppError('BODY_CONSUMED');
  }
}
