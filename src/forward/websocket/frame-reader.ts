/** Reads one direction of a WebSocket: whole messages and control frames, in the order in which they came (RFC 6455 5). */
import { CLOSE, FrameError } from './close.ts';
import { applyMask, headerLength, isOpcode, LARGEST_CONTROL, OPCODE, readFrameHeader } from './frame.ts';
import type { End, FrameHeader } from './frame.ts';
import { Gathering } from './gathering.ts';

export interface ReadFrame {
  /** That of a message is the one of its first frame. */
  readonly opcode: number;
  /** Unmasked; of a message, all its frames. */
  readonly payload: Buffer;
  /** All of it as it came, where that is one frame without a mask, written as this end would write it. */
  readonly frame: Buffer | undefined;
}

export interface FrameReaderOptions {
  /** Who sends what is read. */
  readonly from: End;
  /** Largest message, bytes. */
  readonly largest: number;
}

const NOTHING = Buffer.alloc(0);

/** A class, because there are many of it and V8 shares the shape of its instances. */
export class FrameReader {
  readonly #isMasked: boolean;
  readonly #largest: number;
  readonly #gathering = new Gathering();
  #input: Buffer = NOTHING;
  #at = 0;
  /** The data frame that is being read, its mask, and the bytes of it that are still to come. */
  #frame: FrameHeader | undefined;
  #mask = 0;
  #left = 0;
  /** Opcode of the message that is being read. */
  #message: number | undefined;

  constructor({ from, largest }: FrameReaderOptions) {
    this.#isMasked = from === 'client';
    this.#largest = largest;
  }

  /** Whether some of what came was not read yet. */
  get hasMore(): boolean {
    return this.#at < this.#input.length;
  }

  /** Takes what came. It is unmasked in place. */
  add(chunk: Buffer): void {
    this.#input = this.hasMore ? Buffer.concat([this.#input.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
  }

  /** The next message or control frame, `undefined` while more bytes are needed for it. Throws `FrameError`. */
  next(): ReadFrame | undefined {
    let read: ReadFrame | undefined;
    let before: number;
    do {
      before = this.#at;
      read = this.#frame === undefined ? this.#begin() : this.#goOn(this.#frame);
    } while (read === undefined && this.#at > before);
    if (!this.hasMore) {
      // What is dealt with is not held on to.
      this.#input = NOTHING;
      this.#at = 0;
    }
    return read;
  }

  /** Begins with the next frame; what it completes, if that much is there. */
  #begin(): ReadFrame | undefined {
    const header = readFrameHeader(this.#input, this.#at);
    if (header === undefined) return undefined;
    this.#check(header);
    const { opcode, length, size, isLast } = header;
    const start = this.#at;
    const isThere = start + size + length <= this.#input.length;
    if (opcode >= OPCODE.close && !isThere) return undefined;
    this.#at += size;
    this.#mask = header.mask;
    if (isThere && isLast && opcode !== OPCODE.continuation) {
      const payload = this.#take(length, 0);
      const isAsWritten = !this.#isMasked && size === headerLength(length);
      return { opcode, payload, frame: isAsWritten ? this.#since(start) : undefined };
    }
    this.#message ??= opcode;
    this.#frame = header;
    this.#left = length;
    return this.#goOn(header);
  }

  /** Goes on with a frame of data; the message, when it ends here. */
  #goOn({ isLast, length }: FrameHeader): ReadFrame | undefined {
    const expected = this.#left;
    const bytes = this.#take(Math.min(expected, this.#input.length - this.#at), length - expected);
    this.#left -= bytes.length;
    this.#gathering.add(bytes, expected);
    if (this.#left > 0) return undefined;
    this.#frame = undefined;
    if (!isLast || this.#message === undefined) return undefined;
    const message = { opcode: this.#message, payload: this.#gathering.take(), frame: undefined };
    this.#message = undefined;
    return message;
  }

  /** The next `length` bytes, unmasked; `offset` is where they begin in their payload. */
  #take(length: number, offset: number): Buffer {
    const bytes = this.#input.subarray(this.#at, this.#at + length);
    this.#at += length;
    if (this.#isMasked) applyMask(bytes, this.#mask, { start: 0, offset });
    return bytes;
  }

  /** What was read from `start` on. */
  #since(start: number): Buffer {
    return start === 0 && !this.hasMore ? this.#input : this.#input.subarray(start, this.#at);
  }

  #check({ reserved, opcode, isLast, isMasked, length }: FrameHeader): void {
    if (reserved !== 0) throw violation('no extension was agreed on');
    if (!isOpcode(opcode)) throw violation(`opcode ${opcode} is not known`);
    if (isMasked !== this.#isMasked) throw violation('what a client sends is masked, and only that');
    if (opcode >= OPCODE.close) {
      if (!isLast || length > LARGEST_CONTROL) throw violation('a control frame is short and whole');
    } else if ((opcode === OPCODE.continuation) !== (this.#message !== undefined)) {
      throw violation('a message ends before another begins');
    } else if (this.#gathering.length + length > this.#largest) {
      throw new FrameError(CLOSE.tooLarge, `expected at most ${this.#largest} bytes`);
    }
  }
}

function violation(why: string): FrameError {
  return new FrameError(CLOSE.protocolError, why);
}
