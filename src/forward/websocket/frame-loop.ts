/** Reads the frames of a socket one after the other, whenever it is not held. */
import { FrameError } from './close.ts';
import { FrameReader } from './frame-reader.ts';
import type { FrameReaderOptions, ReadFrame } from './frame-reader.ts';

export interface FrameLoopOptions extends FrameReaderOptions {
  /** Bytes that came with the handshake. */
  readonly head: Buffer;
  readonly onFrame: (frame: ReadFrame) => void;
  /** What came is no frame, or the frame was refused; nothing is to be read any more. */
  readonly onError: (error: FrameError) => void;
}

export class FrameLoop {
  readonly #onFrame: FrameLoopOptions['onFrame'];
  readonly #onError: FrameLoopOptions['onError'];
  readonly #reader: FrameReader;
  #isHeld = true;
  #isReading = false;
  #isOver = false;

  /** Held at first. */
  constructor(options: FrameLoopOptions) {
    this.#onFrame = options.onFrame;
    this.#onError = options.onError;
    this.#reader = new FrameReader(options);
    this.#reader.add(options.head);
  }

  /** Whether nothing is read for now. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether nothing is read ever again. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether more has arrived than was read. */
  get hasMore(): boolean {
    return this.#reader.hasMore;
  }

  add(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#reader.add(chunk);
    this.#read();
  }

  /** Reads on, or stops after the frame it is at. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#read();
  }

  /** Reads nothing more; what comes is dropped. */
  end(): void {
    this.#isOver = true;
  }

  #read(): void {
    // A frame may lead to another call; the loop that is under way goes on then.
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isHeld && !this.#isOver) {
        const frame = this.#reader.next();
        if (frame === undefined) break;
        this.#onFrame(frame);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#onError(error);
    } finally {
      this.#isReading = false;
    }
  }
}
