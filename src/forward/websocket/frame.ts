/** What the frames of a WebSocket are made of (RFC 6455 5.2). */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One end of a connection: a client masks everything it sends, a server nothing (RFC 6455 5.1). */
export type End = 'server' | 'client';

export interface FrameHeader {
  /** Whether the message ends with this frame. */
  readonly isLast: boolean;
  /** The three reserved bits, zero where no extension was agreed on. */
  readonly reserved: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  /** Zero where it is not masked. */
  readonly mask: number;
  /** Bytes of the payload. Above 2^53 it is not exact, and larger than any limit. */
  readonly length: number;
  /** Bytes of the header with its mask. */
  readonly size: number;
}

/** First bit of the last frame of a message. */
export const LAST = 0x80;
export const MASK_LENGTH = 4;
/** Nothing longer, and no part of a message, may travel in a control frame (RFC 6455 5.5). */
export const LARGEST_CONTROL = 125;

/** Whether RFC 6455 11.8 knows it. */
export function isOpcode(opcode: number): boolean {
  return opcode <= OPCODE.binary || (opcode >= OPCODE.close && opcode <= OPCODE.pong);
}

/** The header at `at`, `undefined` when it goes on behind the end of `bytes`. */
export function readFrameHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined || second === undefined) return undefined;
  const isMasked = second >= 0x80;
  const short = second & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  const size = start + (isMasked ? MASK_LENGTH : 0);
  if (at + size > bytes.length) return undefined;
  const length =
    start === 2
      ? short
      : start === 4
        ? bytes.readUInt16BE(at + 2)
        : bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
  const mask = isMasked ? bytes.readUInt32BE(at + start) : 0;
  return {
    isLast: first >= 0x80,
    mask,
    reserved: first & 0x70,
    opcode: first & 0x0f,
    isMasked,
    length,
    size,
  };
}

/** Bytes of the header of a payload of `length` bytes, without a mask. */
export function headerLength(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

/** Masks or unmasks `bytes` from `start` on, in place, where the payload is `offset` bytes in (RFC 6455 5.3). */
export function applyMask(bytes: Buffer, mask: number, { start, offset }: MaskOptions): void {
  // Turned such that the first byte of four belongs to `start`; four at a time, as this touches every byte.
  const turn = 8 * (offset & 3);
  const turned = turn === 0 ? mask : (mask << turn) | (mask >>> (32 - turn));
  const first = turned >>> 24;
  const second = (turned >>> 16) & 0xff;
  const third = (turned >>> 8) & 0xff;
  const fourth = turned & 0xff;
  let at = start;
  for (const end = bytes.length - 3; at < end; at += 4) {
    bytes[at] = (bytes[at] ?? 0) ^ first;
    bytes[at + 1] = (bytes[at + 1] ?? 0) ^ second;
    bytes[at + 2] = (bytes[at + 2] ?? 0) ^ third;
    bytes[at + 3] = (bytes[at + 3] ?? 0) ^ fourth;
  }
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ first;
  if (at + 1 < bytes.length) bytes[at + 1] = (bytes[at + 1] ?? 0) ^ second;
  if (at + 2 < bytes.length) bytes[at + 2] = (bytes[at + 2] ?? 0) ^ third;
}

interface MaskOptions {
  readonly start: number;
  readonly offset: number;
}
