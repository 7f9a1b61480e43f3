/** The last words to a client whose right has ended: a WebSocket close frame with a code and a reason. */
import { AppError } from '../core/errors.ts';
import { ACCESS_ENDED_CLOSE } from '../core/live-socket.ts';

export interface Farewell {
  readonly code: number;
  /** At most 123 bytes in UTF-8, all that a control frame has room for (RFC 6455 5.5). */
  readonly reason: string;
}

const LONGEST_REASON = 123;

/** What the client is told when `signal` was aborted because its right has ended; undefined for every other reason. */
export function farewellOf({ reason }: AbortSignal): Farewell | undefined {
  if (!(reason instanceof AppError) || reason.code !== 'ACCESS_ENDED') return undefined;
  return { code: ACCESS_ENDED_CLOSE, reason: shortened(reason.detail ?? reason.message) };
}

/** The frame, as a server sends it: unmasked. */
export function closeFrame({ code, reason }: Farewell): Buffer {
  const text = Buffer.from(shortened(reason));
  const frame = Buffer.alloc(4 + text.length);
  frame[0] = 0x88;
  frame[1] = 2 + text.length;
  frame.writeUInt16BE(code, 2);
  text.copy(frame, 4);
  return frame;
}

function shortened(text: string): string {
  if (Buffer.byteLength(text) <= LONGEST_REASON) return text;
  let short = '';
  for (const character of text) {
    if (Buffer.byteLength(short + character) > LONGEST_REASON - 3) break;
    short += character;
  }
  return `${short}…`;
}
