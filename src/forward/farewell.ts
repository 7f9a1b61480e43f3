/** The last words to a client whose right has ended, or whose gate stops: a WebSocket close frame with a code and a reason. */
import { AppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { ACCESS_ENDED_CLOSE } from '../core/live-socket.ts';
import { closing, closingPayload } from './websocket/close.ts';
import { LARGEST_CONTROL, LAST, OPCODE } from './websocket/frame.ts';

export interface Farewell {
  readonly code: number;
  /** At most 123 bytes in UTF-8, all that a control frame has room for beside the code. */
  readonly reason: string;
}

const LONGEST_REASON = LARGEST_CONTROL - 2;

/** A server that goes down (RFC 6455 7.4.1): pages connect again when it is back. */
const GOING_AWAY = 1001;
const CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  ACCESS_ENDED: ACCESS_ENDED_CLOSE,
  STOPPING: GOING_AWAY,
};

/** What the client is told when `signal` was aborted; undefined when the reason is none of its business. */
export function farewellOf({ reason }: AbortSignal): Farewell | undefined {
  if (!(reason instanceof AppError)) return undefined;
  const code = CODES[reason.code];
  return code === undefined ? undefined : { code, reason: shortened(reason.detail ?? reason.message) };
}

/** The frame, as a server sends it: unmasked. */
export function closeFrame({ code, reason }: Farewell): Buffer {
  const payload = closingPayload(closing(code, shortened(reason)));
  return Buffer.concat([Buffer.of(LAST | OPCODE.close, payload.length), payload]);
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
