/** The body on its way upstream, with the headers that frame it. */
import { PassThrough, Transform } from 'node:stream';
import type { Readable } from 'node:stream';
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

/** undici destroys what it sends from; handing it a stream in between keeps the client's connection out of that. */
function streamedBody(source: Readable, watching: StreamWatching): RequestBody {
  const { onLost, onChunk, beforeLast } = watching;
  const content = onChunk === undefined && beforeLast === undefined ? new PassThrough() : watched(watching);
  content.on('error', () => undefined);
  const lost = (): void => {
    if (!source.readableEnded) onLost(new AppError('CLIENT_GONE'));
  };
  source.on('error', lost);
  source.on('close', lost);
  if (source.destroyed) queueMicrotask(lost);
  source.pipe(content);
  return {
    content,
    release: () => {
      source.off('close', lost);
      source.unpipe(content);
      source.resume();
    },
  };
}

function watched({ onChunk, beforeLast, onLost, length }: StreamWatching): Transform {
  let left = length;
  let isHeldBack = beforeLast !== undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length;
      try {
        onChunk?.(chunk);
      } catch (thrown) {
        const error = asAppError(thrown);
        onLost(error);
        done(error);
        return;
      }
      if (left > 0 || !isHeldBack) {
        done(null, chunk);
        return;
      }
      isHeldBack = false;
      void andThen(beforeLast?.(), () => done(null, chunk));
    },
    flush(done) {
      if (isHeldBack) void andThen(beforeLast?.(), () => done());
      else done();
    },
  });
}
