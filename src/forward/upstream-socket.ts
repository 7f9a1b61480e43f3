/** Opens sockets to upstream and asks them to become WebSockets. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AppError } from '../core/errors.ts';
import type { TunnelRequest, UpstreamAddress } from './forwarder.ts';
import { requestHeaders } from './request-headers.ts';
import type { UpstreamHeaders } from './request-headers.ts';
import { abortError, upstreamError } from './upstream-error.ts';

export interface UpstreamSide {
  readonly address: UpstreamAddress;
  readonly connectTimeout: number;
  readonly headersTimeout: number;
}

export interface Upgraded {
  readonly response: IncomingMessage;
  readonly upstream: Socket;
  /** What upstream said right after its head. */
  readonly head: Buffer;
}

/** A connection to upstream that may be closed in one direction only. */
export function connectUpstream({ origin, socketPath }: UpstreamAddress): Socket {
  if (socketPath !== undefined) return connect({ path: socketPath, allowHalfOpen: true });
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'https:';
  const options = { host, port: Number(port) || (secure ? 443 : 80), allowHalfOpen: true };
  return secure
    ? connectTls({ ...options, servername: host, ALPNProtocols: ['http/1.1'] })
    : connect(options);
}

/** Headers that open the socket: the client's key and subprotocol, and no extension, so that frames stay readable. */
export function upgradeHeaders(request: TunnelRequest, address: UpstreamAddress): UpstreamHeaders {
  const headers = requestHeaders(request.headers, {
    address,
    client: request.client,
    subject: request.subject,
  });
  delete headers['sec-websocket-extensions'];
  delete headers['content-length'];
  return { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
}

/** Asks upstream for the socket. Rejects with `UPSTREAM_…`, or with the reason for which `request.signal` was aborted. */
export function upgradeUpstream(side: UpstreamSide, request: TunnelRequest): Promise<Upgraded> {
  if (request.signal.aborted) return Promise.reject(abortError(request.signal));
  return new Promise((resolve, reject) => {
    const connection = connectUpstream(side.address);
    const sent = httpRequest({
      createConnection: () => connection,
      method: 'GET',
      path: request.target,
      headers: upgradeHeaders(request, side.address),
      setHost: false,
    });
    const fail = (error: AppError): void => {
      release();
      sent.on('error', () => undefined);
      sent.destroy();
      reject(error);
    };
    const release = deadlines(connection, side, fail);
    const onAbort = (): void => fail(abortError(request.signal));
    request.signal.addEventListener('abort', onAbort, { once: true });
    sent.once('close', () => request.signal.removeEventListener('abort', onAbort));
    sent.once('error', (error) => fail(upstreamError(error)));
    sent.once('response', (response) => fail(refused(response.statusCode)));
    sent.once('upgrade', (response, _socket, head) => {
      if (response.statusCode !== 101) return fail(refused(response.statusCode));
      release();
      request.signal.removeEventListener('abort', onAbort);
      resolve({ response, upstream: connection, head });
    });
    sent.end();
  });
}

function deadlines(connection: Socket, side: UpstreamSide, fail: (error: AppError) => void): () => void {
  let timer = setTimeout(() => fail(new AppError('UPSTREAM_UNREACHABLE')), side.connectTimeout);
  const onConnect = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => fail(new AppError('UPSTREAM_TIMEOUT')), side.headersTimeout);
  };
  connection.once('connect', onConnect);
  return () => {
    clearTimeout(timer);
    connection.off('connect', onConnect);
  };
}

function refused(status: number | undefined): AppError {
  return new AppError('UPSTREAM_FAILED', {
    detail: `expected the socket, received status ${status ?? 'none'}`,
  });
}
