/** The proxy listener: the handlers of the proxy side on a server of their own. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AppError } from '../../core/errors.ts';
import { createListener } from './create-listener.ts';
import type { ListenerConfig } from './create-listener.ts';
import { createProxyHandlers } from './create-proxy-handlers.ts';
import type { ProxyHandlersDeps } from './create-proxy-handlers.ts';
import type { OpenExchanges } from './open-exchanges.ts';

export interface ProxyServerDeps extends ProxyHandlersDeps {
  readonly config: ProxyHandlersDeps['config'] & ListenerConfig;
}

export interface ProxyServer {
  readonly server: Server;
  /** Throws `PORT_IN_USE`, or `CONFIG_INVALID` for an address this machine or account cannot listen on. Port 0 takes a free one. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Lets nothing new in, closes sockets, waits `timeout` ms for answers under way, then breaks them off. */
  close(timeout: number): Promise<void>;
}

/** Builds the listener; `listen` starts it. Throws `CONFIG_INVALID`. */
export function createProxyServer({ ids = randomUUID, ...deps }: ProxyServerDeps): ProxyServer {
  const { handleRequest, handleUpgrade, exchanges } = createProxyHandlers({ ...deps, ids });
  const server = createListener(deps.config, {
    onRequest: (request, response) => void handleRequest(request, response),
    onUpgrade: handleUpgrade,
    ids,
    log: deps.log,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    server,
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
