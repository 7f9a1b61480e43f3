/** Reading replies of the Jupyter Server and writing answers that are one person's own. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { SECURITY_HEADERS } from '../core/answer.ts';
import { AppError } from '../core/errors.ts';
import type { Answer, Headers } from '../core/http.ts';
import type { Reply } from './presentation.ts';

/** Largest size a compressed reply may unpack to, bytes. */
const UNPACKED_LIMIT = 256 * 1024 * 1024;

/** Validators and lengths of a body that is not sent, and what a cache would need to keep it. */
const BODY_HEADERS = new Set([
  'accept-ranges',
  'age',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-md5',
  'etag',
  'expires',
  'last-modified',
  'transfer-encoding',
  'vary',
]);

/** Who asks decides what is answered; a cache must not mix them. */
export const VARY = 'Cookie, Authorization';

export type JsonObject = Readonly<Record<string, unknown>>;

/** `headers` for a body that was made for one person: no validators, never stored, never shared. */
export function personalHeaders(headers: Headers): Headers {
  const kept: Record<string, string | readonly string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !BODY_HEADERS.has(name)) kept[name] = value;
  }
  kept['cache-control'] = 'no-store';
  kept['vary'] = VARY;
  return kept;
}

/** `value` as the body of `reply`, with its status. */
export function jsonReply(reply: Reply, value: unknown): Answer {
  return bodyReply(reply, JSON.stringify(value));
}

/** Another body for `reply`, with its status and remaining headers. */
export function bodyReply(reply: Reply, body: string | Buffer): Answer {
  return { status: reply.status, headers: personalHeaders(reply.headers), body };
}

/** An answer of the gate's own. */
export function jsonAnswer(status: number, value: unknown): Answer {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'application/json', vary: VARY };
  return { status, headers, body: JSON.stringify(value) };
}

/** 204 without a body, as Jupyter answers a write. */
export function noContent(): Answer {
  return { status: 204, headers: { ...SECURITY_HEADERS, vary: VARY }, body: '' };
}

/** The reply with its body unpacked. Throws `UPSTREAM_FAILED` for an encoding that is not known or a body that is broken. */
export function unpacked(reply: Reply): Reply {
  const encoding = headerValue(reply.headers, 'content-encoding').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity' || reply.body.length === 0) return reply;
  return { ...reply, body: decoded(encoding, reply.body) };
}

function decoded(encoding: string, body: Buffer): Buffer {
  const limit = { maxOutputLength: UNPACKED_LIMIT };
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body, limit);
    if (encoding === 'deflate') return inflateSync(body, limit);
    if (encoding === 'br') return brotliDecompressSync(body, limit);
  } catch (cause) {
    throw new AppError('UPSTREAM_FAILED', { detail: `expected a body in \`${encoding}\``, cause });
  }
  throw new AppError('UPSTREAM_FAILED', { detail: 'expected a content encoding the gate can read' });
}

/** The first value of a header, `''` when it is missing. */
export function headerValue(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

/** The parsed body. Throws `UPSTREAM_FAILED` when it is not JSON: what cannot be read cannot be filtered. */
export function readJson(reply: Reply): unknown {
  try {
    return JSON.parse(reply.body.toString('utf8')) as unknown;
  } catch (cause) {
    throw new AppError('UPSTREAM_FAILED', { detail: 'expected JSON', cause });
  }
}

/** The parsed body as an object. Throws `UPSTREAM_FAILED`. */
export function readObject(reply: Reply): JsonObject {
  return asObject(readJson(reply));
}

/** The parsed body as a list of objects. Throws `UPSTREAM_FAILED`. */
export function readList(reply: Reply): readonly JsonObject[] {
  const value = readJson(reply);
  if (!Array.isArray(value)) throw new AppError('UPSTREAM_FAILED', { detail: 'expected a list' });
  return value.map(asObject);
}

/** `value` when it is a JSON object. Throws `UPSTREAM_FAILED`. */
export function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new AppError('UPSTREAM_FAILED', { detail: 'expected a JSON object' });
}

/** The text field `name`. Throws `UPSTREAM_FAILED` when it is missing or empty. */
export function textField(model: JsonObject, name: string): string {
  const value = model[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AppError('UPSTREAM_FAILED', { detail: `expected a text in \`${name}\`` });
}

/** Whether `value` is a JSON object (not a list, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
