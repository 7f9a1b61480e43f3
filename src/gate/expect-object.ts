/** Looks at the beginning of a body that is streamed, and at no more of it. */
import type { Readable } from 'node:stream';
import { AppError } from '../core/errors.ts';

/** White space before the object, bytes; no client writes any. */
const LOOK_LIMIT = 4096;
const SPACE: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const [BRACE, QUOTE] = [0x7b, 0x22];

/**
 * Resolves when `body` begins like a JSON object with a key; what was read is put back. Jupyter takes an empty body, `{}`
 * or `null` on a save for a new file *inside* the path (services/contents/handlers.py, `put`), which is another object than
 * the one decided on. Throws `BODY_INVALID`.
 */
export async function expectObject(body: Readable): Promise<void> {
  let seen: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk: unknown = body.read();
    if (Buffer.isBuffer(chunk)) {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const begins = beginsLikeObject(seen);
      if (begins === false || (begins === undefined && seen.length > LOOK_LIMIT)) throw refused();
      if (begins === true) {
        body.unshift(seen);
        return;
      }
    } else {
      if (body.readableEnded || body.destroyed) throw refused();
      await nextEvent(body);
    }
  }
}

/** Undefined when too little is there to tell. */
function beginsLikeObject(bytes: Buffer): boolean | undefined {
  const start = bytes.subarray(0, LOOK_LIMIT + 2);
  const [first, second] = start.filter((byte) => !SPACE.includes(byte));
  if (first === undefined) return undefined;
  if (first !== BRACE) return false;
  return second === undefined ? undefined : second === QUOTE;
}

function nextEvent(body: Readable): Promise<void> {
  const events = ['readable', 'end', 'close', 'error'] as const;
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) body.off(event, done);
      resolve();
    };
    for (const event of events) body.on(event, done);
  });
}

function refused(): AppError {
  return new AppError('BODY_INVALID', {
    detail: 'expected a JSON object with the model of a file; POST creates one without a name',
  });
}
