/** One end of a WebSocket whose handshake is done: messages, pings, and how it is closed (RFC 6455). */
import type { Duplex } from 'node:stream';
import type { BridgeMessage } from '../forwarder.ts';
import { CLOSE, closing, closingPayload, readClosing } from './close.ts';
import type { Closing } from './close.ts';
import { OPCODE } from './frame.ts';
import { FrameLoop } from './frame-loop.ts';
import type { ReadFrame } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { gatherWrites } from './gather-writes.ts';
import type { MessageSocketOptions } from './message-socket-options.ts';
import { Patience } from './patience.ts';
import { receivedMessage } from './received-message.ts';
import type { ReceivedMessage } from './received-message.ts';
import { takeOver } from './take-over.ts';

const BROKEN = closing(CLOSE.broken);

/** Takes over `socket`, and reads nothing before it is told to. */
export class MessageSocket {
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  readonly #socket: Duplex;
  readonly #options: MessageSocketOptions;
  /** Over when the far end has closed: nothing of it counts any more. */
  readonly #frames: FrameLoop;
  readonly #writer: FrameWriter;
  readonly #patience: Patience;
  #saidClose = false;

  constructor(socket: Duplex, options: MessageSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#frames = new FrameLoop({
      ...options,
      from: options.end === 'server' ? 'client' : 'server',
      onFrame: (frame) => this.#take(frame),
      onError: ({ closeCode }) => {
        this.#sayClose(closing(closeCode));
        this.#conclude(BROKEN);
      },
    });
    this.#writer = new FrameWriter(socket, options.end);
    this.#patience = new Patience(() => socket.destroy());
    this.closed = takeOver(socket, {
      onChunk: (chunk) => this.#frames.add(chunk),
      onDrain: options.onDrain,
      onEnd: () => {
        this.#conclude(BROKEN);
        socket.end();
      },
      onClosed: () => {
        this.#conclude(BROKEN);
        this.#patience.stop();
      },
    });
  }

  /** Whether nobody has said a close and the connection is not broken. */
  get isOpen(): boolean {
    return !this.#frames.isOver && !this.#saidClose;
  }

  /** Whether nothing is read for now. */
  get isHeld(): boolean {
    return this.#frames.isHeld;
  }

  /** Whether more has arrived than was read. */
  get hasMore(): boolean {
    return this.#frames.hasMore;
  }

  /** Bytes that wait to be sent. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Reads on, or stops after the message it is at. */
  hold(isHeld: boolean): void {
    if (isHeld === this.isHeld || !this.isOpen) return;
    if (isHeld) this.#socket.pause();
    else this.#socket.resume();
    this.#frames.hold(isHeld);
  }

  /** Returns the bytes of the message, none where it is not open. Where `others` follow, they go out together. */
  send(message: BridgeMessage, others: boolean): number {
    if (!this.isOpen) return 0;
    if (others) gatherWrites(this.#socket);
    return this.#writer.write(typeof message === 'string' ? OPCODE.text : OPCODE.binary, message);
  }

  /** Sends on what the other end of a bridge received. The same as to send its message, only for a server with less work. */
  pass(received: ReceivedMessage, others: boolean): number {
    if (received.frame === undefined || !this.isOpen) return this.send(received.message, others);
    if (others) gatherWrites(this.#socket);
    this.#writer.pass(received.frame);
    return received.length;
  }

  ping(payload: Buffer): void {
    if (this.isOpen) this.#writer.write(OPCODE.ping, payload);
  }

  /** Says a close, and waits up to `patience` milliseconds for the answer; messages that come meanwhile are dropped. */
  close(how: Closing, patience?: number): void {
    this.#sayClose(how);
    this.#waitForEnd(patience);
  }

  /** Ends it without a word. */
  terminate(): void {
    this.#socket.destroy();
  }

  #take(frame: ReadFrame): void {
    const { opcode, payload } = frame;
    if (opcode === OPCODE.close) {
      const how = readClosing(payload);
      this.#sayClose(how);
      this.#conclude(how);
      this.#socket.end();
    } else if (this.#saidClose || opcode === OPCODE.pong) return;
    else if (opcode === OPCODE.ping) {
      this.#writer.write(OPCODE.pong, payload);
      this.#options.onPing(payload);
    } else this.#options.onMessage(receivedMessage(frame));
  }

  #sayClose(how: Closing): void {
    if (this.isOpen) this.#writer.write(OPCODE.close, closingPayload(how));
    this.#saidClose = true;
  }

  #conclude(how: Closing): void {
    if (this.#frames.isOver) return;
    this.#frames.end();
    this.#waitForEnd();
    this.#options.onClose(how);
  }

  /** From now on everything is read, so that the end is seen. */
  #waitForEnd(patience?: number): void {
    this.#patience.start(patience);
    this.#socket.resume();
    this.#frames.hold(false);
  }
}
