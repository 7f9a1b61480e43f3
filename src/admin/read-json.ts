/** Reads the JSON body of an admin request, capped. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/errors.ts';

/** What is still read and dropped of a body that is too large, so that the client gets to read the answer. */
const DRAIN_FACTOR = 8;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset=utf-8\s*)?$/i;

/**
 * The parsed body; undefined when there is none. Throws `BODY_TOO_LARGE`, `BODY_UNSUPPORTED` (another content type or
 * an encoded body) or `BODY_INVALID` (not one JSON document in UTF-8).
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) return undefined;
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (type === undefined || !JSON_TYPE.test(type)) {
    throw new AppError('BODY_UNSUPPORTED', {
      detail: `expected \`application/json\`, received \`${type ?? ''}\``,
    });
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new AppError('BODY_UNSUPPORTED', {
      detail: `expected no content encoding, received \`${encoding}\``,
    });
  }
  return parse(bytes);
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (length > limit * DRAIN_FACTOR) break;
  }
  if (length > limit) throw new AppError('BODY_TOO_LARGE', { detail: `expected at most ${limit} bytes` });
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text, refuseUnusable);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('BODY_INVALID', { detail: `expected JSON: ${reason(error)}` });
  }
}

/** `__proto__` would vanish on the way through a schema instead of being named as unknown. */
function refuseUnusable(key: string, value: unknown): unknown {
  if (key === '__proto__')
    throw new AppError('INPUT_INVALID', { problems: [{ at: '__proto__', message: 'unknown field' }] });
  if (typeof value === 'string') assertStorable('', { [key]: value });
  return value;
}

/** Throws `INPUT_INVALID` for text with a NUL, which PostgreSQL takes nowhere: neither in a row nor to compare with. */
export function assertStorable(
  at: string,
  fields: Readonly<Record<string, string | readonly string[]>>,
): void {
  const wrong = Object.keys(fields).filter((key) => [fields[key] ?? ''].flat().join('').includes('\0'));
  if (wrong.length === 0) return;
  const problems = wrong.map((key) => ({
    at: at === '' ? key : `${at}.${key}`,
    message: 'expected text without a NUL character',
  }));
  throw new AppError('INPUT_INVALID', { problems });
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : 'unreadable';
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
