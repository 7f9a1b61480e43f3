/** Reads the body of one of our own forms. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../core/errors.ts';

/** A password of 1024 characters percent-encoded, and room for the rest. */
const LIMIT = 32 * 1024;

/** Throws `BODY_UNSUPPORTED`, `BODY_TOO_LARGE`, or `BODY_INVALID` when a field comes twice or the body breaks off. */
export async function readForm(request: IncomingMessage): Promise<ReadonlyMap<string, string>> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded' || request.headers['content-encoding'] !== undefined) {
    throw new AppError('BODY_UNSUPPORTED', { detail: 'expected `application/x-www-form-urlencoded`' });
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(await readText(request))) {
    if (form.has(name)) throw new AppError('BODY_INVALID', { detail: 'expected each field once' });
    form.set(name, value);
  }
  return form;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Leaving the loop must not destroy the socket: the refusal still has to be sent on it.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LIMIT) throw new AppError('BODY_TOO_LARGE', { detail: `expected at most ${LIMIT} bytes` });
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('BODY_INVALID', { detail: 'the connection ended before the body did', cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}
