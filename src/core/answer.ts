/** Shaping of answers the gate makes itself, for every stage that refuses: pure, no socket is touched here. */
import { STATUS_CODES } from 'node:http';
import { describeError } from './errors.ts';
import type { AppError } from './errors.ts';
import type { Answer, Headers } from './http.ts';

/**
 * What every answer of the gate's own carries: kept by nobody, guessed at by no browser, framed nowhere.
 * Never added to what Jupyter answers, whose pages rely on their own policy.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/**
 * The JSON form of a refusal: what is wrong, what to do about it, and the stable code; the cause stays inside. `more` are
 * fields that only some frontends read.
 */
export function errorAnswer(error: AppError, more: Readonly<Record<string, string | null>> = {}): Answer {
  return {
    status: error.status,
    headers: { ...SECURITY_HEADERS, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ message: describeError(error), reason: error.hint, code: error.code, ...more }),
  };
}

/** A complete HTTP/1.1 response for a bare socket, the last one on it (RFC 9112 9.6). */
export function rawAnswer(answer: Answer): Buffer {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const headers = { ...answer.headers, 'content-length': String(body.length), connection: 'close' };
  return Buffer.concat([Buffer.from(responseHead(answer.status, headers), 'latin1'), body]);
}

/** Status line and headers with the empty line that ends them. Throws `TypeError` on a value that would end a line. */
export function responseHead(status: number, headers: Headers): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`];
  for (const [name, value] of Object.entries(headers)) {
    for (const one of typeof value === 'string' ? [value] : value) {
      if (/[\r\n\0]/.test(one)) throw new TypeError(`expected a header value of one line for \`${name}\``);
      lines.push(`${name}: ${one}`);
    }
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
