/** One end of a WebSocket whose handshake is done: messages, pings, and how it is closed (RFC 6455). */
import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { BridgeMessage } from '../forwarder.ts';
import { CLOSE, closing, closingPayload, FrameError, readClosing } from './close.ts';
import type { Closing } from './close.ts';
import { OPCODE } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import type { ReadFrame } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { gatherWrites } from './gather-writes.ts';
import type { MessageSocketOptions, ReceivedMessage } from './message-socket-options.ts';
import { takeOver } from './take-over.ts';

/** How long the far end may take to answer a close, ms. */
const PATIENCE = 30_000;

/** Takes over `socket`, and reads nothing before it is told to. */
export class MessageSocket {
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  readonly #socket: Duplex;
  readonly #options: MessageSocketOptions;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  #isHeld = true;
  #isReading = false;
  #saidClose = false;
  /** Until the far end closes; then nothing of it counts any more. */
  #isHearing = true;
  #patience = PATIENCE;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Duplex, options: MessageSocketOptions) {
    const { end, head, largest } = options;
    this.#socket = socket;
    this.#options = options;
    this.#reader = new FrameReader({ from: end === 'server' ? 'client' : 'server', largest });
    this.#reader.add(head);
    this.#writer = new FrameWriter(socket, end);
    this.closed = new Promise((resolve) => {
      takeOver(socket, {
        onChunk: (chunk) => this.#hear(chunk),
        onEnd: () => {
          this.#conclude(closing(CLOSE.broken));
          socket.end();
        },
        onDrain: options.onDrain,
        onClosed: () => {
          this.#conclude(closing(CLOSE.broken));
          clearTimeout(this.#timer);
          resolve();
        },
      });
    });
  }

  /** Whether nobody has said a close and the connection is not broken. */
  get isOpen(): boolean {
    return this.#isHearing && !this.#saidClose;
  }

  /** Whether nothing is read for now. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether more has arrived than was read. */
  get hasMore(): boolean {
    return this.#reader.hasMore;
  }

  /** Bytes that wait to be sent. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Reads on, or stops after the message it is at. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld || !this.isOpen) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#socket.pause();
    else {
      this.#socket.resume();
      this.#read();
    }
  }

  /** Returns the bytes of the message, none where it is not open. Where `others` follow, they go out together. */
  send(message: BridgeMessage, others: boolean): number {
    if (!this.isOpen) return 0;
    if (others) gatherWrites(this.#socket);
    return this.#writer.write(typeof message === 'string' ? OPCODE.text : OPCODE.binary, message);
  }

  /** Sends on what the other end of a bridge received. The same as to send its message, only for a server with less work. */
  pass(received: ReceivedMessage, others: boolean): number {
    const { message, length, frame } = received;
    if (frame === undefined || !this.isOpen) return this.send(message, others);
    if (others) gatherWrites(this.#socket);
    this.#writer.pass(frame);
    return length;
  }

  ping(payload: Buffer): void {
    if (this.isOpen) this.#writer.write(OPCODE.ping, payload);
  }

  /** Says a close, and waits `patience` milliseconds for the answer; messages that come meanwhile are dropped. */
  close(how: Closing, patience = PATIENCE): void {
    this.#sayClose(how);
    this.#patience = Math.min(this.#patience, patience);
    this.#waitForEnd();
    this.#read();
  }

  /** Ends it without a word. */
  terminate(): void {
    this.#socket.destroy();
  }

  #hear(chunk: Buffer): void {
    if (!this.#isHearing) return;
    this.#reader.add(chunk);
    this.#read();
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isHeld && this.#isHearing) {
        const frame = this.#reader.next();
        if (frame === undefined) break;
        this.#take(frame);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#sayClose(closing(error.closeCode));
      this.#conclude(closing(CLOSE.broken));
    } finally {
      this.#isReading = false;
    }
  }

  #take({ opcode, payload, frame }: ReadFrame): void {
    if (opcode === OPCODE.close) this.#hearClose(readClosing(payload));
    else if (this.#saidClose) return;
    else if (opcode === OPCODE.ping) {
      this.#writer.write(OPCODE.pong, payload);
      this.#options.onPing(payload);
    } else if (opcode !== OPCODE.pong) {
      const message = opcode === OPCODE.text ? textOf(payload) : payload;
      this.#options.onMessage({ message, length: payload.length, frame });
    }
  }

  #hearClose(how: Closing): void {
    this.#sayClose(how);
    this.#conclude(how);
    this.#socket.end();
  }

  #sayClose(how: Closing): void {
    if (this.isOpen) this.#writer.write(OPCODE.close, closingPayload(how));
    this.#saidClose = true;
  }

  #conclude(how: Closing): void {
    if (!this.#isHearing) return;
    this.#isHearing = false;
    this.#waitForEnd();
    this.#options.onClose(how);
  }

  /** From now on everything is read, so that the end is seen. */
  #waitForEnd(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#socket.destroy(), this.#patience);
    this.#isHeld = false;
    this.#socket.resume();
  }
}

function textOf(payload: Buffer): string {
  if (!isUtf8(payload)) throw new FrameError(CLOSE.unreadable, 'expected UTF-8');
  return payload.toString();
}
