/**
 * `/healthz`, `/readyz` and `/metrics`: open to whoever reaches the admin listener, as probes and scrapers hold no
 * token. They tell states and counts, never a name, path or address.
 */
import type { Context } from 'koa';

export interface ReadinessCheck {
  readonly name: string;
  /** Whether this part can do its work; a rejection counts as no. */
  readonly run: () => boolean | Promise<boolean>;
}

/** The part of a prom-client registry that is needed. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface HealthDeps {
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: MetricsSource;
}

/** Answers when the path is one of the three. */
export async function answerHealth(ctx: Context, { checks, metrics }: HealthDeps): Promise<boolean> {
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return false;
  switch (ctx.path) {
    case '/healthz':
      ctx.body = { status: 'ok' };
      return true;
    case '/readyz': {
      const results = await Promise.all(
        checks.map(async (check) => [check.name, await passes(check)] as const),
      );
      const isReady = results.every(([, passed]) => passed);
      ctx.status = isReady ? 200 : 503;
      ctx.body = { status: isReady ? 'ready' : 'not ready', checks: Object.fromEntries(results) };
      return true;
    }
    case '/metrics':
      ctx.body = await metrics.metrics();
      ctx.set('Content-Type', metrics.contentType);
      return true;
    default:
      return false;
  }
}

async function passes(check: ReadinessCheck): Promise<boolean> {
  try {
    return await check.run();
  } catch {
    return false;
  }
}
