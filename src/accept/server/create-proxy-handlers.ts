/** The proxy side without a listener: Koa for HTTP and the same gate for upgrades, to be put on any `node:http` server. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Clock } from '../../core/clock.ts';
import type { ClientInfo } from '../../core/http.ts';
import type { GateConfig } from '../../config/config.ts';
import type { Gate } from '../../gate/gate.ts';
import type { Log } from '../../record/log.ts';
import type { Recorder } from '../../record/recorder.ts';
import { createClientOf } from './client-info.ts';
import { createKoaApp } from './create-koa-app.ts';
import { createUpgradeHandler } from './handle-upgrade.ts';
import type { HandleUpgrade } from './handle-upgrade.ts';
import { createOpenExchanges } from './open-exchanges.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import type { RequestState } from './request-state.ts';

export interface ProxyHandlersDeps {
  readonly gate: Gate;
  /** Makes the gate's own pages, which come before the gate. */
  readonly pages?: (clientOf: (request: IncomingMessage) => ClientInfo) => Koa.Middleware;
  readonly config: Pick<GateConfig, 'trustedProxies'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of what is answered before the gate. */
  readonly recorder: Pick<Recorder, 'record'>;
  /** Ids of requests; random ones when left out. */
  readonly ids?: () => string;
}

export interface ProxyHandlers {
  readonly koa: Koa<RequestState>;
  /** Resolves when the request is answered. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly handleUpgrade: HandleUpgrade;
  readonly exchanges: OpenExchanges;
  /** Lets nothing new in, ends sockets, waits `timeout` ms for answers under way, then breaks them off. */
  stop(timeout: number): Promise<void>;
}

/** How long what was aborted may take to say so to its client, ms. */
const LINGER = 2000;

/** Throws `CONFIG_INVALID` for a trusted proxy that is no address. */
export function createProxyHandlers({
  pages,
  config,
  ids = randomUUID,
  ...deps
}: ProxyHandlersDeps): ProxyHandlers {
  const clientOf = createClientOf(config.trustedProxies);
  const exchanges = createOpenExchanges();
  const shared = { ...deps, clientOf, exchanges, ids };
  const koa = createKoaApp({ ...shared, pages: pages === undefined ? [] : [pages(clientOf)] });
  const handleUpgrade = createUpgradeHandler(shared);
  return {
    koa,
    handleRequest: koa.callback(),
    handleUpgrade,
    exchanges,
    stop: (timeout) => stop(exchanges, timeout),
  };
}

async function stop(exchanges: OpenExchanges, timeout: number): Promise<void> {
  exchanges.stop();
  // A kernel's socket never finishes by itself; its page opens it again when the gate is back.
  exchanges.abort('socket');
  const timers = [
    setTimeout(() => exchanges.abort('http'), timeout),
    setTimeout(() => exchanges.destroy(), timeout + LINGER),
  ];
  await exchanges.drained();
  for (const timer of timers) clearTimeout(timer);
}
