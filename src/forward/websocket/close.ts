/** How a WebSocket is closed: codes and reasons (RFC 6455 5.5.1, 7.4). */
import { isUtf8 } from 'node:buffer';

/** Codes of RFC 6455 7.4.1. */
export const CLOSE = {
  normal: 1000,
  protocolError: 1002,
  /** A close frame without a code; never sent as one. */
  none: 1005,
  /** No close frame at all; never sent as one. */
  broken: 1006,
  unreadable: 1007,
  tooLarge: 1009,
  failed: 1011,
} as const;

export interface Closing {
  readonly code: number;
  readonly reason: Buffer;
}

/** What came is no WebSocket any more; the connection is to be closed with `closeCode`. */
export class FrameError extends Error {
  readonly closeCode: number;

  constructor(closeCode: number, message: string) {
    super(message);
    this.name = 'FrameError';
    this.closeCode = closeCode;
  }
}

/** A close with this code. */
export function closing(code: number, reason = ''): Closing {
  return { code, reason: Buffer.from(reason) };
}

/** What a close frame says. Throws `FrameError`. */
export function readClosing(payload: Buffer): Closing {
  if (payload.length === 0) return closing(CLOSE.none);
  const code = payload.length === 1 ? 0 : payload.readUInt16BE(0);
  if (!maySend(code)) throw new FrameError(CLOSE.protocolError, `expected a close code, received ${code}`);
  const reason = payload.subarray(2);
  if (!isUtf8(reason)) throw new FrameError(CLOSE.unreadable, 'expected UTF-8 as the reason of a close');
  return { code, reason };
}

/** The payload of the close frame that says this. */
export function closingPayload({ code, reason }: Closing): Buffer {
  if (code === CLOSE.none) return reason;
  const payload = Buffer.allocUnsafe(2 + reason.length);
  payload.writeUInt16BE(code, 0);
  reason.copy(payload, 2);
  return payload;
}

/** 1004 to 1006 and 1015 stand for what no frame says; below 3000 only registered codes count. */
function maySend(code: number): boolean {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
}
