/** Both framings of kernel messages: what was read is what is written, and what has two readings is refused. */
import { expect } from 'chai';
import type { Frame, Framing, KernelMessage } from '../../../src/inspect/kernel-message.ts';
import { legacyFraming } from '../../../src/inspect/legacy-framing.ts';
import { v1Framing } from '../../../src/inspect/v1-framing.ts';
import { randomMessage, seeded } from '../../support/random-messages.ts';

const MESSAGE: KernelMessage = {
  channel: 'shell',
  header: { msg_id: 'm', msg_type: 'execute_request', session: 's' },
  parentHeader: {},
  metadata: {},
  content: { code: 'grüße 🪐' },
  buffers: [Buffer.from('one'), Buffer.alloc(0), Buffer.from('two')],
};

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'DECODED';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** A frame of the subprotocol with whatever offsets and parts. */
function v1(parts: readonly (string | Buffer)[], change: (offsets: number[]) => void = () => {}): Buffer {
  const bytes = parts.map((part) => Buffer.from(part as string));
  let at = 8 * (bytes.length + 2);
  const offsets = [at, ...bytes.map((part) => (at += part.length))];
  change(offsets);
  const words = [bytes.length + 1, ...offsets].map((value) => {
    const word = Buffer.alloc(8);
    word.writeBigUInt64LE(BigInt(value));
    return word;
  });
  return Buffer.concat([...words, ...bytes]);
}

function legacy(parts: readonly (string | Buffer)[], change: (words: number[]) => void = () => {}): Buffer {
  const bytes = parts.map((part) => Buffer.from(part as string));
  let at = 4 * (bytes.length + 1);
  const words = [bytes.length];
  for (const part of bytes) {
    words.push(at);
    at += part.length;
  }
  change(words);
  const head = Buffer.alloc(4 * words.length);
  words.forEach((word, index) => head.writeUInt32BE(word, 4 * index));
  return Buffer.concat([head, ...bytes]);
}

const HEADER = '{"msg_id":"m","msg_type":"execute_request"}';
const PARTS = ['shell', HEADER, '{}', '{}', '{"code":"1"}'];
const DOCUMENT = `{"channel":"shell","header":${HEADER},"parent_header":{},"metadata":{},"content":{}}`;

describe('the framing of kernel messages', () => {
  for (const [name, framing] of Object.entries({ v1: v1Framing, legacy: legacyFraming })) {
    it(`brings back every message it wrote: ${name}`, () => {
      const random = seeded(20_261_122);
      for (let index = 0; index < 500; index++) {
        const message = randomMessage(random);
        const frame = framing.encode(message);
        expect(framing.decode(frame), JSON.stringify(message)).to.deep.equal(message);
        expect(sameFrame(framing.encode(framing.decode(frame)), frame)).to.equal(true);
        expect(JSON.parse(framing.headerText(frame) ?? '')).to.deep.equal(message.header);
      }
    });

    it(`survives every frame, and reads none it could not write: ${name}`, () => {
      const random = seeded(7);
      const frame = framing.encode(MESSAGE) as Buffer;
      let refused = 0;
      for (let index = 0; index < 800; index++) {
        const broken = Buffer.from(frame);
        for (let hit = 0; hit < 1 + random(3); hit++)
          broken[random(Math.min(160, broken.length))] = random(256);
        const cut = random(3) === 0 ? broken.subarray(0, random(broken.length)) : broken;
        const code = codeOf(() => framing.decode(cut));
        expect(code).to.be.oneOf(['DECODED', 'MESSAGE_INVALID']);
        if (code === 'MESSAGE_INVALID') refused++;
        else sameMeaning(framing, framing.decode(cut));
        framing.headerText(cut);
      }
      expect(refused).to.be.above(250);
    });
  }

  it('reads what the subprotocol says', () => {
    expect(v1Framing.decode(v1(PARTS))).to.deep.include({
      channel: 'shell',
      content: { code: '1' },
      buffers: [],
    });
    expect(v1Framing.decode(v1([...PARTS, 'a', '', 'bc'])).buffers.map(String)).to.deep.equal([
      'a',
      '',
      'bc',
    ]);
  });

  const wrong: [string, Frame][] = [
    ['text', DOCUMENT],
    ['nothing', Buffer.alloc(0)],
    ['less than a word', Buffer.alloc(7)],
    ['no offsets', Buffer.alloc(8)],
    ['too few offsets', v1(PARTS.slice(0, 4))],
    ['more offsets than bytes', v1(PARTS).fill(0xff, 0, 8)],
    ['a count beyond 2^53', v1(PARTS).fill(0xff, 4, 8)],
    ['a first offset within the offsets', v1(PARTS, (offsets) => (offsets[0]! -= 8))],
    ['a first offset that leaves a gap', v1(PARTS, (offsets) => (offsets[0]! += 1))],
    ['an offset before its predecessor', v1(PARTS, (offsets) => (offsets[2] = offsets[1]! - 1))],
    ['two offsets swapped', v1(PARTS, (offsets) => ([offsets[2], offsets[3]] = [offsets[3]!, offsets[2]!]))],
    ['an offset beyond the end', v1(PARTS, (offsets) => (offsets[3] = 100_000))],
    ['a last offset before the end', v1(PARTS, (offsets) => (offsets[5]! -= 1))],
    ['a last offset beyond the end', v1(PARTS, (offsets) => (offsets[5]! += 1))],
    ['an offset beyond 2^53', v1(PARTS, (offsets) => (offsets[5] = 2 ** 60))],
    ['bytes after the end', Buffer.concat([v1(PARTS), Buffer.from('x')])],
    ['a header that is no JSON', v1(['shell', '{', '{}', '{}', '{}'])],
    ['a header that is a list', v1(['shell', '[]', '{}', '{}', '{}'])],
    ['a header that is null', v1(['shell', 'null', '{}', '{}', '{}'])],
    ['a header without a type', v1(['shell', '{"msg_id":"m"}', '{}', '{}', '{}'])],
    [
      'a type that is a list',
      v1(['shell', '{"msg_id":"m","msg_type":["kernel_info_request"]}', '{}', '{}', '{}']),
    ],
    [
      'a type that is inherited',
      v1(['shell', '{"msg_id":"m","__proto__":{"msg_type":"x"}}', '{}', '{}', '{}']),
    ],
    ['an id that is a number', v1(['shell', '{"msg_id":1,"msg_type":"x"}', '{}', '{}', '{}'])],
    ['NaN', v1(['shell', HEADER, '{}', '{}', '{"x":NaN}'])],
    ['two documents', v1(['shell', HEADER, '{}', '{}', '{}{}'])],
    ['a byte order mark', v1(['shell', `\uFEFF${HEADER}`, '{}', '{}', '{}'])],
    ['invalid UTF-8', v1([Buffer.from([0xc0, 0xaf]), HEADER, '{}', '{}', '{}'])],
  ];
  for (const [what, frame] of wrong) {
    it(`refuses ${what} on the subprotocol`, () => {
      expect(codeOf(() => v1Framing.decode(frame))).to.equal('MESSAGE_INVALID');
    });
  }

  const wrongLegacy: [string, Frame][] = [
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['no header', '{"channel":"shell","msg_type":"kernel_info_request"}'],
    ['a header that is a string', '{"channel":"shell","header":"x"}'],
    ['a channel that is a list', DOCUMENT.replace('"shell"', '["shell"]')],
    ['content that is a list', DOCUMENT.replace('"content":{}', '"content":[]')],
    ['buffers in the JSON', DOCUMENT.replace('"content":{}', '"content":{},"buffers":["x"]')],
    ['an empty frame', Buffer.alloc(0)],
    ['no offsets', Buffer.alloc(4)],
    ['a negative count', legacy([DOCUMENT], (words) => (words[0] = 0xffffffff))],
    ['a first offset within the offsets', legacy([DOCUMENT], (words) => (words[1] = 4))],
    ['a first offset that leaves a gap', legacy([DOCUMENT], (words) => (words[1]! += 1))],
    ['offsets that go back', legacy([DOCUMENT, 'a', 'b'], (words) => (words[3] = words[2]! - 1))],
    ['an offset beyond the end', legacy([DOCUMENT, 'a'], (words) => (words[2] = 100_000))],
    ['invalid UTF-8', legacy([Buffer.from([0x22, 0xc0, 0xaf, 0x22])])],
  ];
  for (const [what, frame] of wrongLegacy) {
    it(`refuses ${what} without a subprotocol`, () => {
      expect(codeOf(() => legacyFraming.decode(frame))).to.equal('MESSAGE_INVALID');
    });
  }

  it('reads a text and a binary frame without a subprotocol, where a missing channel is shell', () => {
    expect(legacyFraming.decode(DOCUMENT.replace('"channel":"shell",', '')).channel).to.equal('shell');
    expect(legacyFraming.decode(legacy([DOCUMENT, 'a', '', 'bc'])).buffers.map(String)).to.deep.equal([
      'a',
      '',
      'bc',
    ]);
  });

  it('writes nothing of what the gate did not read', () => {
    const sent = `{"msg_type":"kernel_info_request","evil":1,${DOCUMENT.slice(1)}`;
    const written = JSON.parse(legacyFraming.encode(legacyFraming.decode(sent)) as string) as Record<
      string,
      unknown
    >;
    expect(written).to.include({ msg_type: 'execute_request' }).and.not.to.have.property('evil');
    const twice = v1([
      'shell',
      '{"msg_type":"execute_request","msg_id":"m","msg_type":"kernel_info_request"}',
      '{}',
      '{}',
      '{}',
    ]);
    const again = String(v1Framing.encode(v1Framing.decode(twice)));
    expect(again).to.include('kernel_info_request').and.not.to.include('execute_request');
  });
});

function sameFrame(one: Frame, other: Frame): boolean {
  return typeof one === 'string' ? one === other : typeof other !== 'string' && one.equals(other);
}

function sameMeaning(framing: Framing, message: KernelMessage): void {
  expect(framing.decode(framing.encode(message))).to.deep.equal(message);
}
