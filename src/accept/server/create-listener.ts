/** The `node:http` or `node:https` server under the app: its limits, and answers to what is no request at all. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { AppError } from '../../core/errors.ts';
import type { GateConfig } from '../../config/config.ts';
import type { Log } from '../../record/log.ts';
import { refuseSocket } from './end-socket.ts';
import type { HandleUpgrade } from './handle-upgrade.ts';
import { createTraffic } from './traffic.ts';

export type ListenerConfig = Pick<GateConfig, 'headersTimeout' | 'maxConnections' | 'tlsCert' | 'tlsKey'>;

export interface ListenerDeps {
  readonly onRequest: RequestListener;
  readonly onUpgrade: HandleUpgrade;
  readonly ids: () => string;
  readonly log: Log;
}

const MAX_HEADER_BYTES = 16 * 1024;
/** Longer than the minute after which load balancers drop an idle connection, so that they close first. */
const KEEP_ALIVE = 65_000;
/** How long a connection may be silent in the middle of an upload, ms. Quiet answers are left alone. */
const SILENCE = 120_000;

const DETAILS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `expected at most ${MAX_HEADER_BYTES} bytes`,
  HPE_INVALID_URL: 'expected visible ASCII',
  ERR_HTTP_REQUEST_TIMEOUT: 'they took too long to arrive',
};

/** Makes the server; nothing listens yet. Throws `CONFIG_INVALID` for a certificate or key that is none. */
export function createListener(
  config: ListenerConfig,
  { onRequest, onUpgrade, ids, log }: ListenerDeps,
): Server {
  const server = serverFor(config, {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: config.headersTimeout,
    // Uploads may take hours; the head may not.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(config.headersTimeout, 5000),
    keepAliveTimeout: KEEP_ALIVE,
    // Answered by ours, in the same words as everything else.
    requireHostHeader: false,
    noDelay: true,
  });
  server.maxConnections = config.maxConnections;
  const traffic = createTraffic();
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Duplex) => socket.on('error', () => undefined));
  }
  // Node answers an expectation it does not know by itself; here it is refused like everything else that is not clear.
  for (const event of ['request', 'checkExpectation']) {
    server.on(event, (request: IncomingMessage, response: ServerResponse) => {
      traffic.begin(request, response);
      onRequest(request, response);
    });
  }
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    if (traffic.isAnswering(socket)) socket.destroy();
    else onUpgrade(request, socket, head);
  });
  server.on('connect', (_request, socket: Duplex) => {
    const error = new AppError('METHOD_UNKNOWN', { detail: 'received CONNECT' });
    if (traffic.isAnswering(socket)) socket.destroy();
    else refuseSocket(socket, error, ids());
  });
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Duplex) => {
    if (traffic.isAnswering(socket) || !isProtocolError(cause)) socket.destroy();
    else refuseSocket(socket, unreadable(cause), ids());
  });
  server.setTimeout(SILENCE, (socket) => {
    if (!traffic.mayBeSilent(socket)) socket.destroy();
  });
  server.on('drop', () =>
    log.warn({ maxConnections: config.maxConnections }, 'too many connections: one was refused'),
  );
  return server;
}

function isProtocolError({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
}

function unreadable(cause: NodeJS.ErrnoException): AppError {
  const detail = DETAILS[cause.code ?? ''] ?? 'expected one HTTP/1.1 request';
  return new AppError(cause.code === 'HPE_INVALID_URL' ? 'TARGET_INVALID' : 'HEADERS_INVALID', {
    detail,
    cause,
  });
}

function serverFor({ tlsCert, tlsKey, headersTimeout }: ListenerConfig, options: ServerOptions): Server {
  if (tlsCert === undefined || tlsKey === undefined) return createServer(options);
  try {
    const [cert, key] = [readFileSync(tlsCert), readFileSync(tlsKey)];
    return createTlsServer({ ...options, cert, key, handshakeTimeout: headersTimeout });
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', {
      detail: `expected a certificate in \`${tlsCert}\` and its key in \`${tlsKey}\`, both in PEM form`,
      cause,
    });
  }
}
