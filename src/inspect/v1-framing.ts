/**
 * The subprotocol `v1.kernel.websocket.jupyter.org`: binary frames of little-endian 64-bit offsets, then channel, header,
 * parent header, metadata, content and buffers. The Jupyter Server slices whatever the offsets say; here they are exact.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { checkHeader, checkObject, messageInvalid, parseJson } from './kernel-message.ts';
import type { Frame, Framing, JsonObject, KernelMessage } from './kernel-message.ts';

export const V1_PROTOCOL = 'v1.kernel.websocket.jupyter.org';

const WORD = 8;
/** Channel, header, parent header, metadata, content; each offset begins one of them, and one more says where all ends. */
const TEXT_PARTS = 5;
const FEWEST_OFFSETS = TEXT_PARTS + 1;
const NO_FIELDS: JsonObject = {};
const NO_BUFFERS: readonly Buffer[] = [];
/** A message of a widget has a handful; the bound keeps a frame of nothing but offsets cheap. */
const MOST_OFFSETS = 65_536;

export const v1Framing: Framing = {
  decode(frame) {
    if (typeof frame === 'string') throw messageInvalid('expected a binary frame, received text');
    const offsets = readOffsets(frame);
    const text = textsOf(frame, offsets);
    return {
      channel: text[0] ?? '',
      header: checkHeader(parseJson(text[1] ?? '', 'header')),
      parentHeader: objectIn(text, 2),
      metadata: objectIn(text, 3),
      content: objectIn(text, 4),
      buffers: offsets.length === FEWEST_OFFSETS ? NO_BUFFERS : buffersOf(frame, offsets),
    };
  },
  encode: encodeV1,
  headerText(frame) {
    if (typeof frame === 'string' || frame.length < 4 * WORD) return undefined;
    const [start, end] = [readWord(frame, 2 * WORD), readWord(frame, 3 * WORD)];
    return frame.toString('utf8', start, end);
  },
};

function encodeV1({ channel, header, parentHeader, metadata, content, buffers }: KernelMessage): Frame {
  const headerText = JSON.stringify(header);
  const parentText = textFor(parentHeader);
  const metadataText = textFor(metadata);
  const contentText = JSON.stringify(content);
  const all = channel + headerText + parentText + metadataText + contentText;
  const length = Buffer.byteLength(all);
  const isPlain = length === all.length;
  const lengthOf = (text: string): number => (isPlain ? text.length : Buffer.byteLength(text));
  const count = TEXT_PARTS + buffers.length + 1;
  const start = WORD * (count + 1);
  let end = start + length;
  for (const buffer of buffers) end += buffer.length;
  const frame = Buffer.allocUnsafe(end);
  frame.write(all, start, isPlain ? 'latin1' : 'utf8');
  let at = start;
  writeWord(frame, count, 0);
  writeWord(frame, at, WORD);
  writeWord(frame, (at += lengthOf(channel)), 2 * WORD);
  writeWord(frame, (at += lengthOf(headerText)), 3 * WORD);
  writeWord(frame, (at += lengthOf(parentText)), 4 * WORD);
  writeWord(frame, (at += lengthOf(metadataText)), 5 * WORD);
  writeWord(frame, (at += lengthOf(contentText)), 6 * WORD);
  let offset = FEWEST_OFFSETS + 1;
  for (const buffer of buffers) {
    at += buffer.copy(frame, at);
    writeWord(frame, at, WORD * offset++);
  }
  return frame;
}

const PART_NAMES = ['channel', 'header', 'parent_header', 'metadata', 'content'] as const;

/** The parts that are text. Where all is ASCII, as mostly, every byte is a character and all is read in one go. */
function textsOf(frame: Buffer, offsets: readonly number[]): readonly string[] {
  const start = offsets[0] ?? 0;
  const all = frame.subarray(start, offsets[TEXT_PARTS]);
  const ascii = isAscii(all) ? all.toString('latin1') : undefined;
  if (ascii === undefined && !isUtf8(all)) throw messageInvalid('expected UTF-8');
  const texts: string[] = [];
  for (let part = 0; part < TEXT_PARTS; part++) {
    const [from, to] = [offsets[part] ?? 0, offsets[part + 1] ?? 0];
    texts.push(
      ascii === undefined ? frame.toString('utf8', from, to) : ascii.slice(from - start, to - start),
    );
  }
  return texts;
}

/** Most messages have no parent and no metadata. */
function objectIn(texts: readonly string[], part: 2 | 3 | 4): JsonObject {
  const text = texts[part] ?? '';
  return text === '{}' ? NO_FIELDS : checkObject(parseJson(text, PART_NAMES[part]), PART_NAMES[part]);
}

function buffersOf(frame: Buffer, offsets: readonly number[]): readonly Buffer[] {
  return offsets
    .slice(TEXT_PARTS, -1)
    .map((start, index) => frame.subarray(start, offsets[TEXT_PARTS + index + 1]));
}

function textFor(object: JsonObject): string {
  return object === NO_FIELDS ? '{}' : JSON.stringify(object);
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
  return readHalf(frame, at) + readHalf(frame, at + 4) * 2 ** 32;
}

/** Byte by byte, here and below: `readUInt32LE` and `writeUInt32LE` take several times as long. Callers stay within `frame`. */
function readHalf(frame: Buffer, at: number): number {
  const low = (frame[at] ?? 0) | ((frame[at + 1] ?? 0) << 8) | ((frame[at + 2] ?? 0) << 16);
  return low + (frame[at + 3] ?? 0) * 2 ** 24;
}

/** No buffer is as long as 2^32. */
function writeWord(frame: Buffer, value: number, at: number): void {
  frame[at] = value;
  frame[at + 1] = value >>> 8;
  frame[at + 2] = value >>> 16;
  frame[at + 3] = value >>> 24;
  frame[at + 4] = 0;
  frame[at + 5] = 0;
  frame[at + 6] = 0;
  frame[at + 7] = 0;
}
