/**
 * The subprotocol `v1.kernel.websocket.jupyter.org`: binary frames of little-endian 64-bit offsets, then channel, header,
 * parent header, metadata, content and buffers. The Jupyter Server slices whatever the offsets say; here they are exact.
 */
import { isUtf8 } from 'node:buffer';
import { checkHeader, checkObject, messageInvalid, parseJson } from './kernel-message.ts';
import type { Frame, Framing, KernelMessage } from './kernel-message.ts';

export const V1_PROTOCOL = 'v1.kernel.websocket.jupyter.org';

const WORD = 8;
/** Channel, header, parent header, metadata, content; each offset begins one of them, and one more says where all ends. */
const TEXT_PARTS = 5;
const FEWEST_OFFSETS = TEXT_PARTS + 1;
/** A message of a widget has a handful; the bound keeps a frame of nothing but offsets cheap. */
const MOST_OFFSETS = 65_536;

export const v1Framing: Framing = {
  decode(frame) {
    if (typeof frame === 'string') throw messageInvalid('expected a binary frame, received text');
    const offsets = readOffsets(frame);
    const end = offsets[TEXT_PARTS] ?? 0;
    if (!isUtf8(frame.subarray(offsets[0], end))) throw messageInvalid('expected UTF-8');
    const text = (part: number): string => frame.toString('utf8', offsets[part], offsets[part + 1]);
    return {
      channel: text(0),
      header: checkHeader(parseJson(text(1), 'header')),
      parentHeader: checkObject(parseJson(text(2), 'parent_header'), 'parent_header'),
      metadata: checkObject(parseJson(text(3), 'metadata'), 'metadata'),
      content: checkObject(parseJson(text(4), 'content'), 'content'),
      buffers: offsets.slice(TEXT_PARTS, -1).map((start, index) => {
        return frame.subarray(start, offsets[TEXT_PARTS + index + 1]);
      }),
    };
  },
  encode: encodeV1,
  headerText(frame) {
    if (typeof frame === 'string' || frame.length < 4 * WORD) return undefined;
    const [start, end] = [readWord(frame, 2 * WORD), readWord(frame, 3 * WORD)];
    return frame.toString('utf8', start, end);
  },
};

function encodeV1(message: KernelMessage): Frame {
  const parts = [
    Buffer.from(message.channel),
    Buffer.from(JSON.stringify(message.header)),
    Buffer.from(JSON.stringify(message.parentHeader)),
    Buffer.from(JSON.stringify(message.metadata)),
    Buffer.from(JSON.stringify(message.content)),
    ...message.buffers,
  ];
  const count = parts.length + 1;
  const head = Buffer.allocUnsafe(WORD * (count + 1));
  writeWord(head, count, 0);
  let at = head.length;
  writeWord(head, at, WORD);
  for (const [index, part] of parts.entries()) {
    at += part.length;
    writeWord(head, at, WORD * (index + 2));
  }
  return Buffer.concat([head, ...parts], at);
}

/** Exactly: the first offset right behind the last one, none before its predecessor, the last at the end of the frame. */
function readOffsets(frame: Buffer): readonly number[] {
  const count = frame.length < WORD ? 0 : readWord(frame, 0);
  if (count < FEWEST_OFFSETS || count > MOST_OFFSETS || WORD * (count + 1) > frame.length)
    throw messageInvalid(`expected ${FEWEST_OFFSETS} offsets or more that fit into the frame`);
  const offsets: number[] = [];
  let before = WORD * (count + 1);
  for (let index = 0; index < count; index++) {
    const offset = readWord(frame, WORD * (index + 1));
    if (index === 0 ? offset !== before : offset < before)
      throw messageInvalid(`expected offset ${index} to follow what is before it`);
    offsets.push(offset);
    before = offset;
  }
  if (before !== frame.length) throw messageInvalid('expected the last offset to be the end of the frame');
  return offsets;
}

/** Above 2^53 it is larger than any frame, and so are the nearest numbers: exactness does not matter there. */
function readWord(frame: Buffer, at: number): number {
  return frame.readUInt32LE(at) + frame.readUInt32LE(at + 4) * 2 ** 32;
}

function writeWord(frame: Buffer, value: number, at: number): void {
  frame.writeUInt32LE(value % 2 ** 32, at);
  frame.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4);
}
