/** The proxy listener: Koa for HTTP and the same gate for upgrades, on one socket. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type Koa from 'koa';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { ClientInfo } from '../../core/http.ts';
import type { GateConfig } from '../../config/config.ts';
import type { Gate } from '../../gate/gate.ts';
import type { Log } from '../../record/log.ts';
import type { Recorder } from '../../record/recorder.ts';
import { createClientOf } from './client-info.ts';
import { createKoaApp } from './create-koa-app.ts';
import { createListener } from './create-listener.ts';
import type { ListenerConfig } from './create-listener.ts';
import { createUpgradeHandler } from './handle-upgrade.ts';
import type { HandleUpgrade } from './handle-upgrade.ts';
import { createOpenExchanges } from './open-exchanges.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import type { RequestState } from './request-state.ts';

export interface ProxyServerDeps {
  readonly gate: Gate;
  /** Makes the gate's own pages, which come before the gate. */
  readonly pages?: (clientOf: (request: IncomingMessage) => ClientInfo) => Koa.Middleware;
  readonly config: ListenerConfig & Pick<GateConfig, 'trustedProxies'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of what is answered before the gate. */
  readonly recorder: Pick<Recorder, 'record'>;
  /** Ids of requests; random ones when left out. */
  readonly ids?: () => string;
}

export interface ProxyServer {
  readonly koa: Koa<RequestState>;
  readonly server: Server;
  readonly handleUpgrade: HandleUpgrade;
  /** Throws `PORT_IN_USE`, or `CONFIG_INVALID` for an address this machine or account cannot listen on. Port 0 takes a free one. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Lets nothing new in, closes sockets, waits `timeout` ms for answers under way, then breaks them off. */
  close(timeout: number): Promise<void>;
}

/** Builds the listener; `listen` starts it. Throws `CONFIG_INVALID`. */
export function createProxyServer({
  gate,
  pages,
  config,
  clock,
  log,
  recorder,
  ids = randomUUID,
}: ProxyServerDeps): ProxyServer {
  const clientOf = createClientOf(config.trustedProxies);
  const exchanges = createOpenExchanges();
  const shared = { gate, clientOf, exchanges, ids, clock, log, recorder };
  const koa = createKoaApp({ ...shared, pages: pages === undefined ? [] : [pages(clientOf)] });
  const handle = koa.callback();
  const handleUpgrade = createUpgradeHandler(shared);
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    void handle(request, response);
  const server = createListener(config, { onRequest, onUpgrade: handleUpgrade, ids, log });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    koa,
    server,
    handleUpgrade,
    listen: (port, host) => listen(server, port, host),
    close: (timeout) => close(server, { exchanges, sockets, timeout }),
  };
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const detail = `\`${host}:${port}\``;
      if (cause.code === 'EADDRINUSE') reject(new AppError('PORT_IN_USE', { detail, cause }));
      else
        reject(
          new AppError('CONFIG_INVALID', {
            detail: `cannot listen on ${detail}: ${cause.code ?? cause.message}`,
            cause,
          }),
        );
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve(server.address() as AddressInfo);
    });
  });
}

interface Closing {
  readonly exchanges: OpenExchanges;
  /** Every connection, upgraded ones too, which the server itself forgets. */
  readonly sockets: ReadonlySet<Socket>;
  readonly timeout: number;
}

async function close(server: Server, { exchanges, sockets, timeout }: Closing): Promise<void> {
  if (!server.listening) return;
  exchanges.stop();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kernel's socket never finishes by itself; its page opens it again when the gate is back.
  exchanges.abort('socket');
  // What falls idle from now on has nothing to wait for.
  server.keepAliveTimeout = 1;
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    exchanges.abort('http');
    for (const socket of sockets) socket.destroy();
  }, timeout);
  await closed;
  clearTimeout(timer);
}
