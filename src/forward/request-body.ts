/** The body on its way upstream, with the headers that frame it. */
import { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError, asAppError } from '../core/errors.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import type { UpstreamHeaders } from './request-headers.ts';

export interface RequestBody {
  readonly content: string | Readable | null;
  /** Lets go of the client's stream: what is still to come is read and dropped, so its connection stays usable. */
  readonly release?: () => void;
}

export interface BodyWatching {
  readonly onLost: (error: AppError) => void;
  readonly onChunk?: ((chunk: Buffer) => void) | undefined;
  readonly beforeLast?: (() => Soon<void>) | undefined;
  readonly onPassed?: ((bytes: number) => void) | undefined;
}

const NOTHING: RequestBody = { content: null };

/**
 * Prepares `body` and completes `headers`, as the client sent them, to match it. A stream without announced length or
 * chunks has no body (RFC 9112 6.3). `onLost` is called when the client breaks off in the middle, and with what `onChunk`
 * throws: the server never gets the whole body then, and acts on none of it. What `beforeLast` waits for must come.
 */
export function requestBody(
  body: string | Readable | undefined,
  headers: UpstreamHeaders,
  { announced, ...watching }: BodyWatching & { readonly announced: IncomingHttpHeaders },
): RequestBody {
  delete headers['content-length'];
  if (typeof body === 'string') {
    delete headers['content-encoding'];
    return { content: body };
  }
  const length = announced['content-length'];
  const chunked = announced['transfer-encoding'] !== undefined;
  if (body === undefined || (!chunked && (length === undefined || Number(length) === 0))) return NOTHING;
  if (!chunked && length !== undefined) headers['content-length'] = length;
  return streamedBody(body, { ...watching, length: chunked ? Infinity : Number(length) });
}

interface StreamWatching extends BodyWatching {
  /** Announced, bytes; `Infinity` where the end of the stream tells. */
  readonly length: number;
}

/**
 * undici destroys what it sends from; handing it a stream in between keeps the client's connection out of that. Not a
 * `Transform`: its two queues are stopped and started again for each piece of the size that sockets read.
 */
function streamedBody(source: Readable, { length, ...watching }: StreamWatching): RequestBody {
  const { onLost, onChunk, beforeLast, onPassed } = watching;
  let left = length;
  let isHeldBack = beforeLast !== undefined;
  let isWaiting = false;
  let hasEnded = false;
  const content = new Readable({
    read() {
      if (!isWaiting) source.resume();
    },
  });
  content.on('error', () => undefined);

  function send(chunk: Buffer | null): void {
    if (!content.destroyed && !content.push(chunk)) source.pause();
  }

  function sendLast(chunk: Buffer | null): void {
    [isHeldBack, isWaiting] = [false, true];
    source.pause();
    void andThen(beforeLast?.(), () => {
      isWaiting = false;
      send(chunk);
      if (hasEnded) send(null);
    });
  }

  function take(chunk: Buffer): void {
    // Upstream has answered without it: what it does not get is not looked at either.
    if (content.destroyed) {
      source.pause();
      return;
    }
    left -= chunk.length;
    try {
      onChunk?.(chunk);
    } catch (thrown) {
      const error = asAppError(thrown);
      content.destroy(error);
      onLost(error);
      return;
    }
    if (left > 0 || !isHeldBack) send(chunk);
    else sendLast(chunk);
    onPassed?.(chunk.length);
  }

  const end = (): void => {
    // A stream that was about to go on tells of its end even though it was stopped.
    if (isWaiting) hasEnded = true;
    else if (isHeldBack && !content.destroyed) sendLast(null);
    else send(null);
  };
  const lost = (): void => {
    if (!source.readableEnded) onLost(new AppError('CLIENT_GONE'));
  };
  source.on('error', lost).on('close', lost);
  if (source.destroyed) queueMicrotask(lost);
  // Else the first listener for data would start it before undici asks.
  source.pause();
  source.on('data', take).on('end', end);
  return {
    content,
    release: () => {
      source.off('close', lost).off('data', take).off('end', end).resume();
    },
  };
}
