/** The admin listener: REST API, health and metrics, on an address of its own that takes no cookie. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from '@koa/router';
import Koa from 'koa';
import type { Context, Next } from 'koa';
import { AppError, asAppError } from '../core/errors.ts';
import type { Refusals } from '../core/refusal.ts';
import { answerEndpoint, API_BASE } from './answer-endpoint.ts';
import type { AnswerDeps } from './answer-endpoint.ts';
import { identifyAdmin } from './authorize.ts';
import { checkOrigin } from './check-origin.ts';
import type { OwnAddress } from './check-origin.ts';
import { ENDPOINTS } from './endpoints/endpoints.ts';
import { answerHealth } from './health.ts';
import type { HealthDeps } from './health.ts';
import { noteRefusal } from './note-refusal.ts';
import { openApiDocument } from './openapi.ts';
import { answerProblem } from './problem.ts';

export interface AdminServerDeps extends AnswerDeps {
  readonly own: OwnAddress;
  readonly health: HealthDeps;
  /** Takes what is refused into the audit. */
  readonly refusals: Refusals;
  /** Told of every failure that is not the caller's; `error` may hold what must not be shown. */
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export interface AdminServer {
  readonly koa: Koa;
  readonly server: Server;
  /** Throws `PORT_IN_USE`. Port 0 takes a free one. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Refuses new connections and waits for requests under way. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
const MAX_HEADER_BYTES = 16_384;

/** Builds the listener; `listen` starts it. */
export function createAdminServer(deps: AdminServerDeps): AdminServer {
  const koa = new Koa();
  koa.use((ctx, next) => guard(ctx, next, deps));
  koa.use(createRouter(deps).routes());
  koa.use((ctx) => refuseUnknown(ctx, deps));
  const options = {
    headersTimeout: HEADERS_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const handle = koa.callback();
  const server = createServer(options, (request, response) => void handle(request, response));
  return { koa, server, listen: (port, host) => listen(server, port, host), close: () => close(server) };
}

/** First in, last out: origin, health, and the one place where errors become answers. */
async function guard(ctx: Context, next: Next, deps: AdminServerDeps): Promise<void> {
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Content-Type-Options', 'nosniff');
  try {
    checkOrigin(ctx.req, deps.own);
    if (!(await answerHealth(ctx, deps.health))) await next();
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.status >= 500)
      deps.log('an admin request failed', {
        method: ctx.method,
        path: ctx.path,
        code: error.code,
        error: error.cause ?? error,
      });
    noteRefusal(ctx, error, { refusals: deps.refusals, clock: deps.services.management.clock });
    answerProblem(ctx, error);
  }
}

function createRouter(deps: AdminServerDeps): Router {
  const router = new Router({ prefix: API_BASE, sensitive: true, strict: true });
  router.get('/openapi.json', async (ctx) => {
    await identifyAdmin(deps.authenticator, ctx.req);
    ctx.body = openApiDocument(ENDPOINTS);
  });
  for (const row of ENDPOINTS) {
    const path = row.path.replace(/\{(\w+)\}/g, ':$1');
    router.register(path, [row.method], async (ctx) => answerEndpoint(ctx, row, deps));
  }
  return router;
}

/** Nobody learns without a token which addresses there are. */
async function refuseUnknown(ctx: Context, deps: AdminServerDeps): Promise<void> {
  await identifyAdmin(deps.authenticator, ctx.req);
  const methods = methodsOf(ctx.path);
  if (methods.length === 0) throw new AppError('API_ROUTE_UNKNOWN', { detail: `received \`${ctx.path}\`` });
  ctx.set('Allow', methods.join(', '));
  throw new AppError('API_METHOD_UNKNOWN', {
    detail: `expected ${methods.join(', ')}, received \`${ctx.method}\``,
  });
}

function methodsOf(path: string): string[] {
  const segments = path.split('/');
  const methods = ENDPOINTS.filter((row) => {
    const wanted = (API_BASE + row.path).split('/');
    return (
      wanted.length === segments.length && wanted.every((part, index) => matches(part, segments[index] ?? ''))
    );
  }).map((row) => row.method as string);
  if (path === `${API_BASE}/openapi.json`) methods.push('GET');
  return methods.includes('GET') ? ['HEAD', ...methods] : methods;
}

function matches(part: string, segment: string): boolean {
  return part.startsWith('{') ? segment !== '' : part === segment;
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new AppError('PORT_IN_USE', { detail: `\`${host}:${port}\``, cause })
          : cause,
      );
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve(server.address() as AddressInfo);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) =>
      error === undefined || (error as NodeJS.ErrnoException).code === 'ERR_SERVER_NOT_RUNNING'
        ? resolve()
        : reject(error),
    );
    server.closeIdleConnections();
  });
}
