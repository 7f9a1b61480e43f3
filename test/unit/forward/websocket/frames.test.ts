/** Frames as they are read and written: every cut, every violation, and the same bytes as another implementation makes. */
import type { Writable } from 'node:stream';
import { expect } from 'chai';
import * as ws from 'ws';
import { FrameReader } from '../../../../src/forward/websocket/frame-reader.ts';
import type { ReadFrame } from '../../../../src/forward/websocket/frame-reader.ts';
import { FrameWriter } from '../../../../src/forward/websocket/frame-writer.ts';
import type { End } from '../../../../src/forward/websocket/frame.ts';
import { OPCODE } from '../../../../src/forward/websocket/frame.ts';
import { closing, closingPayload, FrameError, readClosing } from '../../../../src/forward/websocket/close.ts';
import { Gathering } from '../../../../src/forward/websocket/gathering.ts';

/** Its types leave it out. */
const { Receiver } = ws as unknown as {
  readonly Receiver: new (options: object) => Writable;
};
const LARGEST = 1_000_000;
const MASK = [1, 2, 3, 4];

interface Raw {
  /** First byte: last frame, reserved bits, opcode. */
  readonly first: number;
  readonly payload?: Buffer | string;
  readonly masked?: boolean;
}

/** A frame byte for byte, also one that must not be. */
function raw({ first, payload = '', masked = true }: Raw): Buffer {
  const content = Buffer.from(payload);
  const { length } = content;
  const head =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  head[0] = (head[0] ?? 0) | (masked ? 0x80 : 0);
  const body = masked ? content.map((byte, at) => byte ^ (MASK[at & 3] ?? 0)) : content;
  return Buffer.concat([Buffer.from([first, ...head, ...(masked ? MASK : [])]), body]);
}

function readAll(chunks: readonly Buffer[], from: End = 'client', largest = LARGEST): ReadFrame[] {
  const reader = new FrameReader({ from, largest });
  const found: ReadFrame[] = [];
  for (const chunk of chunks) {
    // It unmasks in place.
    reader.add(Buffer.from(chunk));
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) found.push(frame);
  }
  return found;
}

const shown = (frames: readonly ReadFrame[]): string[] =>
  frames.map(({ opcode, payload }) => `${opcode} ${payload.toString('latin1')}`);

function codeOf(bytes: Buffer, from: End = 'client', largest = LARGEST): number {
  try {
    readAll([bytes], from, largest);
  } catch (error) {
    if (error instanceof FrameError) return error.closeCode;
    throw error;
  }
  return 0;
}

describe('reading frames', () => {
  const stream = Buffer.concat([
    raw({ first: 0x81, payload: 'one' }),
    raw({ first: 0x82, payload: 'x'.repeat(130) }),
    raw({ first: 0x02, payload: 'be' }),
    raw({ first: 0x89, payload: 'ping' }),
    raw({ first: 0x00 }),
    raw({ first: 0x00, payload: 'tween' }),
    raw({ first: 0x8a }),
    raw({ first: 0x80, payload: '!' }),
    raw({ first: 0x81 }),
    raw({ first: 0x88, payload: Buffer.from([0x03, 0xe8]) }),
  ]);
  const expected = ['1 one', `2 ${'x'.repeat(130)}`, '9 ping', '10 ', '2 between!', '1 ', '8 \u0003è'];

  it('gives every message of one chunk, in order, control frames between the parts of one', () => {
    expect(shown(readAll([stream]))).to.deep.equal(expected);
  });

  it('gives the same however the bytes are cut', () => {
    for (let cut = 1; cut < stream.length; cut++) {
      const chunks = [stream.subarray(0, cut), stream.subarray(cut)];
      expect(shown(readAll(chunks)), `cut at ${cut}`).to.deep.equal(expected);
    }
    for (const step of [1, 2, 3, 5, 7, 64]) {
      const chunks = Array.from({ length: Math.ceil(stream.length / step) }, (_, index) =>
        stream.subarray(index * step, (index + 1) * step),
      );
      expect(shown(readAll(chunks)), `steps of ${step}`).to.deep.equal(expected);
    }
  });

  it('keeps the frame of what a server said whole and in the shortest form, for whoever sends it on', () => {
    const one = raw({ first: 0x81, payload: 'one', masked: false });
    const long = raw({ first: 0x82, payload: 'x'.repeat(70_000), masked: false });
    const found = readAll([Buffer.concat([one, long]), one], 'server');
    expect(found.map(({ frame }) => frame)).to.deep.equal([one, long, one]);
    const wordy = Buffer.from([0x81, 126, 0, 3, ...Buffer.from('one')]);
    const parts = [
      raw({ first: 0x01, payload: 'o', masked: false }),
      raw({ first: 0x80, payload: 'ne', masked: false }),
    ];
    for (const chunks of [[wordy], parts, [one.subarray(0, 3), one.subarray(3)]])
      expect(
        readAll(chunks, 'server').map(({ payload, frame }) => [payload.toString(), frame]),
      ).to.deep.equal([['one', undefined]]);
  });

  it('keeps no frame of what a client said: its mask is taken off', () => {
    expect(readAll([stream]).map(({ frame }) => frame)).to.deep.equal(expected.map(() => undefined));
  });

  it('reads payloads of every length form, masked by clients only', () => {
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 300_000]) {
      const payload = Buffer.from(Array.from({ length }, (_, at) => at % 251));
      for (const [from, masked] of [
        ['client', true],
        ['server', false],
      ] as const) {
        const frame = raw({ first: 0x82, payload, masked });
        const cut = Math.ceil(frame.length / 3);
        const chunks = [frame.subarray(0, cut), frame.subarray(cut, 2 * cut), frame.subarray(2 * cut)];
        for (const given of [[frame], chunks]) {
          const [read, ...rest] = readAll(given, from);
          expect(rest).to.deep.equal([]);
          expect(read?.payload.equals(payload), `${length} from ${from}`).to.equal(true);
        }
      }
    }
  });

  it('refuses what RFC 6455 forbids with 1002', () => {
    const text = { first: 0x81, payload: 'x' };
    const refused: Record<string, Buffer> = {
      'the first reserved bit': raw({ ...text, first: 0xc1 }),
      'the second reserved bit': raw({ ...text, first: 0xa1 }),
      'the third reserved bit': raw({ ...text, first: 0x91 }),
      'a reserved data opcode': raw({ ...text, first: 0x83 }),
      'a reserved control opcode': raw({ ...text, first: 0x8b }),
      'no mask': raw({ ...text, masked: false }),
      'a long ping': raw({ first: 0x89, payload: 'x'.repeat(126) }),
      'a part of a ping': raw({ first: 0x09, payload: 'x' }),
      'a part of a close': raw({ first: 0x08 }),
      'a continuation of nothing': raw({ first: 0x80, payload: 'x' }),
      'a message within a message': Buffer.concat([raw({ first: 0x01, payload: 'x' }), raw(text)]),
    };
    for (const [name, bytes] of Object.entries(refused)) expect(codeOf(bytes), name).to.equal(1002);
    expect(codeOf(raw(text), 'server'), 'a masked frame of a server').to.equal(1002);
  });

  it('refuses a message that is too large with 1009, by its header alone and in parts', () => {
    const header = Buffer.from([0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]);
    expect(codeOf(header)).to.equal(1009);
    const part = { payload: 'x'.repeat(60) };
    const parts = [raw({ first: 0x02, ...part }), raw({ first: 0x80, ...part })];
    expect(codeOf(Buffer.concat(parts), 'client', 119)).to.equal(1009);
    expect(codeOf(Buffer.concat(parts), 'client', 120)).to.equal(0);
  });

  it('makes room for what came, not for what was announced', () => {
    const gathering = new Gathering();
    gathering.add(Buffer.alloc(10, 1), 100_000_000);
    expect(gathering.take().buffer.byteLength).to.be.below(100_000);
    for (let at = 0; at < 300_000; at++) gathering.add(Buffer.from([at % 251]), 300_000 - at);
    const whole = gathering.take();
    expect([whole.length, whole.buffer.byteLength]).to.deep.equal([300_000, 300_000]);
    expect(whole.every((byte, at) => byte === at % 251)).to.equal(true);
  });
});

describe('writing frames', () => {
  for (const end of ['server', 'client'] as const) {
    it(`writes as a ${end} what another implementation reads`, () => {
      const written: Buffer[] = [];
      const socket = { write: (bytes: Buffer) => written.push(bytes) };
      const writer = new FrameWriter(socket as never, end);
      const contents = [0, 1, 125, 126, 16_384, 16_385, 65_535, 65_536].flatMap((length) => [
        'ä'.repeat(length / 2),
        Buffer.alloc(length, 'x'),
      ]);
      for (const content of contents) {
        const opcode = typeof content === 'string' ? OPCODE.text : OPCODE.binary;
        expect(writer.write(opcode, content)).to.equal(Buffer.byteLength(content));
      }
      const receiver = new Receiver({ isServer: end === 'client', maxPayload: LARGEST });
      const read: (string | Buffer)[] = [];
      receiver.on('message', (data: Buffer, isBinary: boolean) =>
        read.push(isBinary ? data : data.toString()),
      );
      receiver.write(Buffer.concat(written));
      expect(read).to.deep.equal(contents);
    });
  }

  it('takes another mask for each frame of a client', () => {
    const masks = new Set<number>();
    const socket = { write: (bytes: Buffer) => masks.add(bytes.readUInt32BE(2)) };
    const writer = new FrameWriter(socket as never, 'client');
    for (let count = 0; count < 200; count++) writer.write(OPCODE.text, 'x');
    expect(masks.size).to.be.above(195);
  });
});

describe('closing', () => {
  it('reads codes that may be sent, and reasons in UTF-8', () => {
    for (const code of [1000, 1001, 1003, 1007, 1014, 3000, 4403, 4999]) {
      const how = closing(code, 'weil ä');
      expect(readClosing(closingPayload(how))).to.deep.equal(how);
    }
    expect(readClosing(Buffer.alloc(0))).to.deep.equal(closing(1005));
    expect(closingPayload(closing(1005))).to.have.lengthOf(0);
  });

  it('refuses all others', () => {
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535])
      expect(() => readClosing(closingPayload({ code, reason: Buffer.from('x') })), String(code)).to.throw(
        FrameError,
      );
    expect(() => readClosing(Buffer.from([3]))).to.throw(FrameError);
    expect(() => readClosing(Buffer.from([3, 0xe8, 0xff]))).to.throw(FrameError, 'UTF-8');
  });
});
