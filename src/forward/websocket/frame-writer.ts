/** Writes whole messages and control frames of one end, each as one frame and, unless it is large, with one write. */
import { randomFillSync } from 'node:crypto';
import type { Writable } from 'node:stream';
import { applyMask, headerLength, LAST, MASK_LENGTH } from './frame.ts';
import type { End } from './frame.ts';

/** Above this many bytes copying a payload behind its header costs more than a write of its own. */
const SMALL = 16_384;
const MASKED = 0x80;
/** How many masks are made at a time. */
const MASKS = 64;

export class FrameWriter {
  readonly #socket: Writable;
  readonly #isMasking: boolean;
  #masks = new Uint32Array(0);
  #nextMask = 0;

  constructor(socket: Writable, end: End) {
    this.#socket = socket;
    this.#isMasking = end === 'client';
  }

  /** Returns the bytes of the content. */
  write(opcode: number, content: string | Buffer): number {
    const payload = typeof content === 'string' ? Buffer.from(content) : content;
    const { length } = payload;
    const start = headerLength(length) + (this.#isMasking ? MASK_LENGTH : 0);
    const isApart = !this.#isMasking && length > SMALL;
    const frame = Buffer.allocUnsafe(isApart ? start : start + length);
    writeHeader(frame, opcode, length);
    if (!isApart) payload.copy(frame, start);
    if (this.#isMasking) {
      const mask = this.#takeMask();
      frame[1] = (frame[1] ?? 0) | MASKED;
      frame.writeUInt32BE(mask, start - MASK_LENGTH);
      applyMask(frame, mask, { start, offset: 0 });
    }
    this.#socket.write(frame);
    if (isApart) this.#socket.write(payload);
    return length;
  }

  /** Writes a frame that is there already. Only for a server: a client masks. */
  pass(frame: Buffer): void {
    this.#socket.write(frame);
  }

  /** Nobody may foresee a mask (RFC 6455 5.3); many at a time cost as much as one. */
  #takeMask(): number {
    if (this.#nextMask === this.#masks.length) {
      this.#masks = randomFillSync(new Uint32Array(MASKS));
      this.#nextMask = 0;
    }
    return this.#masks[this.#nextMask++] ?? 0;
  }
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
