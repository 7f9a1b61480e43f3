/** One request to one row: who, may they, what was sent, do it, answer. */
import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Authenticator } from '../authenticate/authenticator.ts';
import { AppError } from '../core/errors.ts';
import type { Repositories } from '../store/store.ts';
import { actorOf, assertStillSignedIn, authorize, identifyAdmin } from './authorize.ts';
import type { AdminServices, Endpoint, Reply } from './endpoint.ts';
import { etagOf, namesTag } from './etag.ts';
import { preconditionOf } from './precondition.ts';
import { assertStorable, readJson } from './read-json.ts';

export interface AnswerDeps {
  readonly services: AdminServices;
  readonly authenticator: Authenticator;
  readonly isStale: () => boolean;
  /** Bytes. */
  readonly bodyLimit: number;
}

export const API_BASE = '/api/v1';
/** One JSON value on each line. */
export const LINES = 'application/x-ndjson';

/** Throws what refuses it. */
export async function answerEndpoint(ctx: Context, row: Endpoint, deps: AnswerDeps): Promise<void> {
  const { services } = deps;
  const presented = await identifyAdmin(deps.authenticator, ctx.req);
  const body = await bodyOf(ctx, row, deps.bodyLimit);
  // After the body, which may take its time to arrive: a token revoked and rights taken away meanwhile must count.
  const identity = body === undefined ? presented : await identifyAdmin(deps.authenticator, ctx.req);
  const actor = actorOf(identity, ctx.req);
  ctx.state['subject'] = actor.subject;
  authorize(services.management, actor, row, deps.isStale);
  const params = ctx['params'] as Readonly<Record<string, string>>;
  const query = queryOf(ctx);
  assertStorable('path', params);
  assertStorable('query', query);
  if (row.query === undefined && Object.keys(query).length > 0) throw unknownQuery(query);
  const matches = row.method === 'GET' ? undefined : preconditionOf(row, ctx.headers, { params, services });
  // A write may wait for others, and one of those may take away what this one needs.
  const precondition = async (tx: Repositories): Promise<void> => {
    await assertStillSignedIn(tx, identity);
    authorize(services.management, actor, row, deps.isStale);
    await matches?.(tx);
  };
  const reply = await row.run({ services, actor: { ...actor, precondition }, params, query, body });
  answer(ctx, row, reply);
}

async function bodyOf(ctx: Context, row: Endpoint, limit: number): Promise<unknown> {
  const body = await readJson(ctx.req, limit);
  if (row.body === undefined) {
    if (body !== undefined) throw new AppError('BODY_INVALID', { detail: 'expected no body' });
    return undefined;
  }
  if (body === undefined && row.bodyOptional === true) return {};
  if (body === undefined)
    throw new AppError('BODY_INVALID', { detail: 'expected a JSON object, received nothing' });
  return body;
}

/** Each field once; a repeated one stays a list, which no schema takes. */
function queryOf(ctx: Context): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const key of ctx.URL.searchParams.keys()) {
    const values = ctx.URL.searchParams.getAll(key);
    query[key] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}

function unknownQuery(query: Readonly<Record<string, unknown>>): AppError {
  const problems = Object.keys(query).map((key) => ({ at: `query.${key}`, message: 'unknown field' }));
  return new AppError('INPUT_INVALID', { problems });
}

function answer(ctx: Context, row: Endpoint, reply: Reply): void {
  ctx.status = reply.status ?? row.status;
  if (reply.revision !== undefined) ctx.set('Gate-Revision', String(reply.revision));
  if (reply.location !== undefined) ctx.set('Location', API_BASE + reply.location);
  if (reply.lines !== undefined) {
    ctx.body = Readable.from(reply.lines);
    ctx.type = LINES;
    return;
  }
  if (reply.body === undefined) return;
  const tag = row.represent === undefined ? undefined : etagOf(reply.body);
  if (tag !== undefined) ctx.set('ETag', tag);
  const known = ctx.headers['if-none-match'];
  if (row.method === 'GET' && known !== undefined && namesTag(known, tag)) {
    ctx.status = 304;
    return;
  }
  ctx.body = JSON.stringify(reply.body);
  ctx.type = 'application/json';
}
