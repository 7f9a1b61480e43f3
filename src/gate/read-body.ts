/** Reads a request body that the decision needs, bounded; bodies nobody looks at are never read here. */
import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../core/errors.ts';

/** A decision does not wait longer for what it is about, ms: somebody may send a byte a second. */
const PATIENCE = 60_000;

/**
 * The whole body, at most `limit` bytes, within `patience` milliseconds. Throws `BODY_TOO_LARGE`, or `BODY_INVALID` when
 * the client broke off or is too slow.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  patience: number = PATIENCE,
): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw tooLarge(limit);
  const waiting = new AbortController();
  const tooSlow = async (): Promise<never> => {
    await setTimeout(patience, undefined, { signal: waiting.signal });
    throw new AppError('BODY_INVALID', { detail: `expected the whole body within ${patience / 1000} s` });
  };
  try {
    return await Promise.race([collect(request, limit), tooSlow()]);
  } finally {
    waiting.abort();
  }
}

async function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Not destroyed when this stops early: the refusal still has to reach the client.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('BODY_INVALID', { detail: 'the connection ended before the body did', cause: error });
  }
  return Buffer.concat(chunks);
}

/** Whether the request announces a body at all (RFC 9112 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
}

function tooLarge(limit: number): AppError {
  return new AppError('BODY_TOO_LARGE', { detail: `expected at most ${limit} bytes` });
}
