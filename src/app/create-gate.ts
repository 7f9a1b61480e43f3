/** The gate as a library: the same parts as the program, on the server of the application around it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import { createProxyHandlers } from '../accept/server/create-proxy-handlers.ts';
import { givenConfig } from '../config/given-config.ts';
import type { GivenOptions } from '../config/given-config.ts';
import { processEnvironment } from '../config/process-environment.ts';
import { systemClock } from '../core/clock.ts';
import type { Authorize } from '../core/judge.ts';
import { createLog } from '../record/log.ts';
import type { Log } from '../record/log.ts';
import { withCleanups } from './cleanups.ts';
import { openAdmin } from './open-admin.ts';
import { openCore } from './open-core.ts';
import { openProxy } from './open-proxy.ts';
import { createSignInLinks } from './sign-in-links.ts';

export interface CreateGateOptions extends GivenOptions {
  /**
   * Decides on Jupyter resources in place of the policy; only `true` allows. It is never asked about the gate's own
   * administration, nor about kernels, sessions and terminals of others, which are refused before.
   */
  readonly authorize?: Authorize;
  /** Milliseconds after which `authorize` counts as failed; default 5000. */
  readonly authorizeTimeout?: number;
  /** A pino logger; by default warnings and errors go to standard output, one JSON object on each line. */
  readonly log?: Log;
  /** Told about each long step of starting. */
  readonly progress?: (text: string) => void;
}

export interface MountedGate {
  /** Takes what lies below the base path and passes everything else on: `app.use(gate.middleware)`. */
  readonly middleware: Koa.Middleware;
  /** The Koa application itself, for `koa-mount` and the like; answers everything it is given. */
  readonly app: Koa;
  /** The same for servers without Koa. Resolves when the request is answered. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** For `server.on('upgrade', …)`; without it no kernel and no terminal works. Refuses what lies elsewhere. */
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Whether a request target lies below the base path. */
  readonly takes: (target: string) => boolean;
  /** The first public URL, with the base path. */
  readonly url: string;
  /** Where the admin API listens; undefined without `adminPort`. */
  readonly adminUrl: string | undefined;
  /** A fresh one-time sign-in link of the first user, `admin`; undefined when that user is gone or disabled. */
  signInLink(): Promise<string | undefined>;
  /** Drains and stops everything of the gate, a Jupyter Server of its own included; the server around it goes on. */
  close(): Promise<void>;
}

const AUTHORIZE_TIMEOUT = 5000;

/**
 * Opens a gate that listens nowhere. Throws `CONFIG_INVALID` with all problems of the options, and what a broken database
 * or model, a missing Jupyter or a busy admin port is refused with; what was opened until then is closed again.
 */
export async function createGate(options: CreateGateOptions): Promise<MountedGate> {
  const { authorize, authorizeTimeout = AUTHORIZE_TIMEOUT, log: given, progress, ...settings } = options;
  const cwd = process.cwd();
  const config = givenConfig(settings, cwd);
  const log = given ?? createLog({ level: 'warn' });
  const hook = authorize === undefined ? undefined : { authorize, timeout: authorizeTimeout };
  const io = { env: processEnvironment(), cwd, clock: systemClock, log, hook };
  return withCleanups(log, async (cleanups) => {
    const core = await openCore(config, { ...io, progress: (text) => progress?.(text) }, cleanups);
    const proxy = openProxy(config, core, { cleanups });
    const handlers = createProxyHandlers(proxy.handlers);
    cleanups.add('requests under way', () => handlers.stop(config.stopTimeout));
    const url = `${proxy.openedAt(config.port)}${config.baseUrl}`;
    const links = createSignInLinks(url, core, config);
    const { classifier } = proxy;
    const admin = { core, classifier, links, cleanups };
    const adminUrl = settings.adminPort === undefined ? undefined : await openAdmin(config, admin);
    const takes = below(config.baseUrl);
    const { handleRequest, handleUpgrade } = handlers;
    return {
      middleware: middleware(takes, handleRequest),
      app: handlers.koa as unknown as Koa,
      handleRequest,
      handleUpgrade,
      takes,
      url,
      adminUrl,
      signInLink: () => links.ofFirstUser(),
      close: () => cleanups.run(),
    };
  });
}

/** By the bytes of the path: what only decodes to the prefix is not ours to answer. */
function below(baseUrl: string): (target: string) => boolean {
  return (target) => target.startsWith(baseUrl) || `${target.split('?')[0] ?? ''}/` === baseUrl;
}

function middleware(
  takes: MountedGate['takes'],
  handleRequest: MountedGate['handleRequest'],
): Koa.Middleware {
  return async (ctx, next) => {
    if (!takes(ctx.originalUrl)) {
      await next();
      return;
    }
    ctx.respond = false;
    // Whatever cut the prefix off in front of us.
    ctx.req.url = ctx.originalUrl;
    await handleRequest(ctx.req, ctx.res);
  };
}
