/** Where the body of a reply goes: on to the client with backpressure, or into memory up to a limit. */
import type { Writable } from 'node:stream';
import { AppError } from '../core/errors.ts';

export interface ReplySink {
  /** Takes a chunk; `false` asks to be left alone until `onDrain`. Throws an `AppError` when it can take no more. */
  write(chunk: Buffer): boolean;
  /** The body is complete. */
  end(): void;
  /** The body never will be. */
  abandon(): void;
}

export interface SinkEvents {
  readonly onDrain: () => void;
  /** Everything was delivered; `buffered` for a sink in memory. */
  readonly onDone: (buffered: Buffer | undefined) => void;
  /** Nobody takes it any more. */
  readonly onGone: () => void;
  /** So many bytes went on to somebody else. */
  readonly onPassed?: ((bytes: number) => void) | undefined;
}

/**
 * Bytes that wait for a client before upstream is no longer read. A single piece is more than Node lets wait, which it asks
 * to be spared even where it can write it at once.
 */
const PAUSE_ABOVE = 256 * 1024;

/** Streams into `destination`, which is destroyed when the body breaks off. */
export function streamSink(
  destination: Writable,
  { onDrain, onDone, onGone, onPassed }: SinkEvents,
): ReplySink {
  let finished = false;
  destination.on('error', onGone);
  destination.on('drain', onDrain);
  destination.on('finish', () => {
    finished = true;
    onDone(undefined);
  });
  destination.on('close', () => {
    if (!finished) onGone();
  });
  if (destination.destroyed) queueMicrotask(onGone);
  return {
    write: (chunk) => {
      const hasRoom = destination.write(chunk);
      onPassed?.(chunk.length);
      return hasRoom || destination.writableLength < PAUSE_ABOVE;
    },
    end: () => destination.end(),
    abandon: () => destination.destroy(),
  };
}

/** Most bodies come in one piece, which need not be copied. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}

/** Collects the body; more than `limit` bytes is `UPSTREAM_FAILED`, for a cut reply would be a wrong one. */
export function bufferSink(limit: number, { onDone }: Pick<SinkEvents, 'onDone'>): ReplySink {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    write: (chunk) => {
      size += chunk.length;
      if (size > limit)
        throw new AppError('UPSTREAM_FAILED', { detail: `expected a reply of at most ${limit} bytes` });
      chunks.push(chunk);
      return true;
    },
    end: () => onDone(joined(chunks)),
    abandon: () => {
      chunks.length = 0;
    },
  };
}
