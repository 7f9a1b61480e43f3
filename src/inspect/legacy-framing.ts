/**
 * The framing without a subprotocol, as the classic notebook speaks it: a JSON text, or, with buffers, a binary frame of
 * big-endian 32-bit offsets, the JSON and the buffers.
 */
import { isUtf8 } from 'node:buffer';
import { checkHeader, checkObject, messageInvalid, parseJson } from './kernel-message.ts';
import type { Frame, Framing, KernelMessage } from './kernel-message.ts';

const WORD = 4;
const MOST_OFFSETS = 65_536;

export const legacyFraming: Framing = {
  decode: (frame) =>
    typeof frame === 'string' ? readMessage(frame, []) : readMessage(...splitBinary(frame)),
  encode(message) {
    const text = JSON.stringify(documentOf(message));
    return message.buffers.length === 0 ? text : joinBinary([Buffer.from(text), ...message.buffers]);
  },
  headerText(frame) {
    try {
      const text = typeof frame === 'string' ? frame : splitBinary(frame)[0];
      return JSON.stringify((JSON.parse(text) as { readonly header?: unknown }).header);
    } catch {
      return undefined;
    }
  },
};

/** Only `header` counts; copies of its fields at the top, which the Jupyter Server ignores, are not passed on as sent. */
function readMessage(text: string, buffers: readonly Buffer[]): KernelMessage {
  const document = checkObject(parseJson(text, 'message'), 'message');
  // A missing channel is `shell` to the Jupyter Server.
  const { channel = 'shell' } = document;
  if (typeof channel !== 'string') throw messageInvalid('expected `channel` to be a string');
  const listed = document['buffers'] ?? [];
  if (!Array.isArray(listed) || listed.length > 0)
    throw messageInvalid('expected buffers in a binary frame, received them in the JSON');
  return {
    channel,
    header: checkHeader(document['header']),
    parentHeader: checkObject(document['parent_header'] ?? {}, 'parent_header'),
    metadata: checkObject(document['metadata'] ?? {}, 'metadata'),
    content: checkObject(document['content'] ?? {}, 'content'),
    buffers,
  };
}

/** As the Jupyter Server writes it, with the two copies at the top that the classic notebook reads. */
function documentOf({ channel, header, parentHeader, metadata, content }: KernelMessage): object {
  const { msg_id, msg_type } = header;
  return {
    header,
    msg_id,
    msg_type,
    parent_header: parentHeader,
    metadata,
    content,
    buffers: [],
    channel,
  };
}

function splitBinary(frame: Buffer): [text: string, buffers: readonly Buffer[]] {
  const count = frame.length < WORD ? 0 : frame.readUInt32BE(0);
  if (count < 1 || count > MOST_OFFSETS || WORD * (count + 1) > frame.length)
    throw messageInvalid('expected one offset or more that fit into the frame');
  const starts: number[] = [];
  let before = WORD * (count + 1);
  for (let index = 0; index < count; index++) {
    const start = frame.readUInt32BE(WORD * (index + 1));
    if (index === 0 ? start !== before : start < before)
      throw messageInvalid(`expected offset ${index} to follow what is before it`);
    starts.push(start);
    before = start;
  }
  if (before > frame.length) throw messageInvalid('expected the last offset to be within the frame');
  const [json, ...buffers] = starts.map((start, index) => frame.subarray(start, starts[index + 1]));
  if (json === undefined || !isUtf8(json)) throw messageInvalid('expected UTF-8');
  return [json.toString(), buffers];
}

function joinBinary(parts: readonly Buffer[]): Frame {
  const head = Buffer.allocUnsafe(WORD * (parts.length + 1));
  head.writeUInt32BE(parts.length, 0);
  let at = head.length;
  for (const [index, part] of parts.entries()) {
    head.writeUInt32BE(at, WORD * (index + 1));
    at += part.length;
  }
  return Buffer.concat([head, ...parts], at);
}
