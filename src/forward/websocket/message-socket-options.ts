/** What a message socket is made with, and what it tells. */
import type { Closing } from './close.ts';
import type { End } from './frame.ts';
import type { ReceivedMessage } from './received-message.ts';

export interface MessageSocketOptions {
  /** Which end of the connection this is. */
  readonly end: End;
  /** Bytes that came with the handshake. */
  readonly head: Buffer;
  /** Largest message that is taken, bytes. */
  readonly largest: number;
  readonly onMessage: (received: ReceivedMessage) => void;
  /** It was answered already. */
  readonly onPing: (payload: Buffer) => void;
  /** Nothing waits to be sent any more. */
  readonly onDrain: () => void;
  /** Told once how the far end closed: with its code, or 1006 when the connection broke or what came was no frame. */
  readonly onClose: (how: Closing) => void;
}
