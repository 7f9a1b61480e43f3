/** Writes whole messages and control frames of one end, each as one frame and, unless it is large, with one write. */
import { randomFillSync } from 'node:crypto';
import type { Writable } from 'node:stream';
import { applyMask, MASK_LENGTH } from './frame.ts';
import type { End } from './frame.ts';

/** Above this many bytes copying a payload behind its header costs more than a write of its own. */
const SMALL = 16_384;
const LAST = 0x80;
const MASKED = 0x80;
/** How many masks are made at a time. */
const MASKS = 64;
const NO_MASK = Buffer.alloc(0);

export class FrameWriter {
  readonly #socket: Writable;
  readonly #isMasking: boolean;
  #masks = NO_MASK;
  #nextMask = 0;

  constructor(socket: Writable, end: End) {
    this.#socket = socket;
    this.#isMasking = end === 'client';
  }

  /** Returns the bytes of the content. */
  write(opcode: number, content: string | Buffer): number {
    const payload = typeof content === 'string' ? Buffer.from(content) : content;
    const { length } = payload;
    const mask = this.#isMasking ? this.#takeMask() : NO_MASK;
    const start = headerLength(length) + mask.length;
    const isApart = !this.#isMasking && length > SMALL;
    const frame = Buffer.allocUnsafe(isApart ? start : start + length);
    writeHeader(frame, opcode, length);
    if (!isApart) payload.copy(frame, start);
    if (this.#isMasking) {
      frame[1] = (frame[1] ?? 0) | MASKED;
      mask.copy(frame, start - MASK_LENGTH);
      applyMask(frame.subarray(start), mask, 0);
    }
    this.#socket.write(frame);
    if (isApart) this.#socket.write(payload);
    return length;
  }

  /** Nobody may foresee a mask (RFC 6455 5.3); many at a time cost as much as one. */
  #takeMask(): Buffer {
    if (this.#nextMask === this.#masks.length) {
      this.#masks = randomFillSync(Buffer.alloc(MASKS * MASK_LENGTH));
      this.#nextMask = 0;
    }
    this.#nextMask += MASK_LENGTH;
    return this.#masks.subarray(this.#nextMask - MASK_LENGTH, this.#nextMask);
  }
}

function headerLength(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

function writeHeader(frame: Buffer, opcode: number, length: number): void {
  frame[0] = LAST | opcode;
  if (length < 126) frame[1] = length;
  else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}
