/** A message as one end of a bridge received it. */
import { isUtf8 } from 'node:buffer';
import type { BridgeMessage } from '../forwarder.ts';
import { CLOSE, FrameError } from './close.ts';
import { OPCODE } from './frame.ts';
import type { ReadFrame } from './frame-reader.ts';

export interface ReceivedMessage {
  readonly message: BridgeMessage;
  /** Bytes of it. */
  readonly length: number;
  /** The whole frame it came in, where a server may send that on as it is. */
  readonly frame: Buffer | undefined;
}

/** The message in a frame of data. Throws `FrameError` for a text that is not UTF-8. */
export function receivedMessage({ opcode, payload, frame }: ReadFrame): ReceivedMessage {
  const { length } = payload;
  if (opcode !== OPCODE.text) return { message: payload, length, frame };
  if (!isUtf8(payload)) throw new FrameError(CLOSE.unreadable, 'expected UTF-8');
  return { message: payload.toString(), length, frame };
}
