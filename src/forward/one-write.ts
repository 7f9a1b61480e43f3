/**
 * Sends a message to the client in one write. The library writes header and payload apart, which the system joins at 1.6
 * times the cost of a plain write; of a small message that is most of what it costs to pass it on.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { BridgeMessage } from './forwarder.ts';

export interface Receiver {
  readonly client: WebSocket;
  /** What `client` writes to; it compresses nothing, so that whole frames may be put between its own. */
  readonly socket: Duplex;
}

/** Above this many bytes copying costs more than it saves. */
const SMALL = 16_384;
/** A whole message of text, of bytes (RFC 6455 5.2). */
const [TEXT, BINARY] = [0x81, 0x82];

/** `client` is open. */
export function sendInOneWrite({ client, socket }: Receiver, message: BridgeMessage): void {
  const isText = typeof message === 'string';
  const length = isText ? Buffer.byteLength(message) : message.length;
  if (length > SMALL) {
    client.send(message);
    return;
  }
  const start = length < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = isText ? TEXT : BINARY;
  if (start === 2) frame[1] = length;
  else {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  }
  if (isText) frame.write(message, start);
  else message.copy(frame, start);
  socket.write(frame);
}
