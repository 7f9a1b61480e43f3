/**
 * Messages of a collaboration room: y-protocols' sync and awareness, and the save command of jupyter-collaboration. One
 * frame is one message; the server reads no second one out of it.
 *
 * | first | second | message                                        | does                                     |
 * | ----- | ------ | ---------------------------------------------- | ---------------------------------------- |
 * | 0     | 0      | sync step 1: what the sender has               | asks for what it lacks                   |
 * | 0     | 1      | sync step 2: what the other end lacks          | changes the document                     |
 * | 0     | 2      | update                                         | changes the document                     |
 * | 1     |        | awareness: who is here, and where their cursor is | shows somebody                        |
 * | 2     |        | `save` and a number                            | writes the file                          |
 */
import { decodeAwareness, encodeAwareness } from './awareness.ts';
import type { Presence } from './awareness.ts';
import { messageInvalid } from './kernel-message.ts';
import type { Frame } from './kernel-message.ts';
import { yBytes, yNumber, yReader } from './y-bytes.ts';
import type { YReader } from './y-bytes.ts';

export type SyncKind = 'step1' | 'step2' | 'update';
export type YMessage =
  | { readonly kind: SyncKind; readonly payload: Buffer }
  | { readonly kind: 'awareness'; readonly presences: readonly Presence[] }
  | { readonly kind: 'save'; readonly id: number }
  /** Of a kind the server takes no notice of, or that is not known here. */
  | { readonly kind: 'unknown' };

const SYNC = 0;
const AWARENESS = 1;
const RAW = 2;
const SYNC_KINDS: readonly SyncKind[] = ['step1', 'step2', 'update'];
const SAVE = 'save';

/** Throws `MESSAGE_INVALID` for a frame that is text, cut off, has more than one message or spells a number oddly. */
export function decodeYMessage(frame: Frame): YMessage {
  if (typeof frame === 'string') throw messageInvalid('expected a binary frame, received text');
  const reader = yReader(frame);
  const message = readMessage(reader);
  if (message.kind !== 'unknown') reader.end();
  return message;
}

function readMessage(reader: YReader): YMessage {
  switch (reader.number()) {
    case SYNC: {
      const kind = SYNC_KINDS[reader.number()];
      return kind === undefined ? { kind: 'unknown' } : { kind, payload: reader.bytes() };
    }
    case AWARENESS:
      return { kind: 'awareness', presences: decodeAwareness(reader.bytes()) };
    case RAW:
      return reader.text() === SAVE ? { kind: 'save', id: reader.number() } : { kind: 'unknown' };
    default:
      return { kind: 'unknown' };
  }
}

/** The frame for a message that was understood. */
export function encodeYMessage(message: Exclude<YMessage, { readonly kind: 'unknown' }>): Buffer {
  switch (message.kind) {
    case 'awareness':
      return Buffer.concat([yNumber(AWARENESS), yBytes(encodeAwareness(message.presences))]);
    case 'save':
      return Buffer.concat([yNumber(RAW), yBytes(Buffer.from(SAVE)), yNumber(message.id)]);
    case 'step1':
    case 'step2':
    case 'update': {
      const second = yNumber(SYNC_KINDS.indexOf(message.kind));
      return Buffer.concat([yNumber(SYNC), second, yBytes(message.payload)]);
    }
  }
}

/** What the server answers a save that failed (jupyter_server_ydoc, `on_message`): the frontend says so. */
export function saveFailed(id: number): Buffer {
  const reply = JSON.stringify({ type: SAVE, responseTo: id, status: 'failed' });
  return Buffer.concat([yNumber(RAW), yBytes(Buffer.from(reply))]);
}
