/** What every request must be before any stage looks at it, whether it comes over HTTP or asks for an upgrade. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../core/errors.ts';

/** Node keeps the first or the last of these and says nothing; whoever reads the other one sees another request. */
const ONCE: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'origin',
  'sec-websocket-key',
  'sec-websocket-version',
  'transfer-encoding',
  'upgrade',
]);

/** Visible ASCII without `#`: a fragment is never sent (RFC 9112 3.2). */
const TARGET = /^\/[\u0021\u0022\u0024-\u007e]*$/;
/** What a browser sends: 16 bytes in base64 (RFC 6455 4.1). */
const WEBSOCKET_KEY = /^[+/0-9A-Za-z]{22}==$/;

/** Throws `HEADERS_INVALID` or `TARGET_INVALID` for a request that two readers could understand differently. */
export function checkRequest(request: IncomingMessage): void {
  const { httpVersion, headers, rawHeaders, url = '' } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    throw new AppError('HEADERS_INVALID', { detail: `expected HTTP/1.1, received HTTP/${httpVersion}` });
  }
  if (!TARGET.test(url)) {
    throw new AppError('TARGET_INVALID', { detail: `received ${JSON.stringify(url.slice(0, 80))}` });
  }
  checkRepeated(rawHeaders);
  if (headers.host === undefined)
    throw new AppError('HEADERS_INVALID', { detail: 'expected a `Host` header' });
  checkExpectation(headers.expect);
  checkFraming(request);
}

/** Throws `UPGRADE_INVALID` unless the request opens a WebSocket as RFC 6455 4.2.1 wants it. */
export function checkHandshake({ method, headers }: IncomingMessage): void {
  const protocol = headers.upgrade ?? '';
  if (method !== 'GET' || protocol.toLowerCase() !== 'websocket') {
    throw new AppError('UPGRADE_INVALID', {
      detail: `received ${method ?? ''} and ${JSON.stringify(protocol.slice(0, 40))}`,
    });
  }
  if (headers['sec-websocket-version'] !== '13') {
    throw new AppError('UPGRADE_INVALID', { detail: 'expected `Sec-WebSocket-Version: 13`' });
  }
  if (!WEBSOCKET_KEY.test(headers['sec-websocket-key'] ?? '')) {
    throw new AppError('UPGRADE_INVALID', { detail: 'expected a `Sec-WebSocket-Key` of 16 bytes' });
  }
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
    throw new AppError('UPGRADE_INVALID', { detail: 'expected no body' });
  }
}

/** The only one there is (RFC 9110 10.1.1), and answered before the request is looked at. */
function checkExpectation(expected: string | undefined): void {
  if (expected === undefined || expected.toLowerCase() === '100-continue') return;
  throw new AppError('HEADERS_INVALID', { detail: 'expected `Expect: 100-continue`, or no `Expect`' });
}

function checkRepeated(rawHeaders: readonly string[]): void {
  const seen: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!ONCE.has(name)) continue;
    if (seen.includes(name)) throw new AppError('HEADERS_INVALID', { detail: `expected \`${name}\` once` });
    seen.push(name);
  }
}

/** Node's parser refuses what is plainly contradictory; this leaves one way of framing a body, and no other coding. */
function checkFraming({ httpVersion, headers }: IncomingMessage): void {
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  if (
    coding.toLowerCase() !== 'chunked' ||
    httpVersion === '1.0' ||
    headers['content-length'] !== undefined
  ) {
    throw new AppError('HEADERS_INVALID', {
      detail: 'expected `Transfer-Encoding: chunked` alone, or `Content-Length`',
    });
  }
}
