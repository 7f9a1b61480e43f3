import { expect } from 'chai';
import * as encoding from 'lib0/encoding';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { writeSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { AppError } from '../../../src/core/errors.ts';
import { decodeYMessage, encodeYMessage, saveFailed } from '../../../src/inspect/y-message.ts';
import { yNumber, yReader } from '../../../src/inspect/y-bytes.ts';

const bytes = (...values: number[]): Buffer => Buffer.from(values);

/** The kind that was read, or the code of the refusal. */
function kindOf(frame: Buffer | string): string {
  try {
    return decodeYMessage(frame).kind;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** A frame as y-websocket writes it. */
function written(first: number, write: (encoder: encoding.Encoder) => void): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, first);
  write(encoder);
  return Buffer.from(encoding.toUint8Array(encoder));
}

function presence(state: string, client: number[] = [5], clock = 1): Buffer {
  const text = Buffer.from(state);
  const entry = Buffer.concat([bytes(1, ...client, clock), yNumber(text.length), text]);
  return Buffer.concat([bytes(1), yNumber(entry.length), entry]);
}

describe('messages of a room', () => {
  const doc = new Y.Doc();
  doc.getText('source').insert(0, 'text '.repeat(100));

  it('are read as the libraries of the frontends write them, and written byte for byte the same', () => {
    const frames = {
      step1: written(0, (encoder) => writeSyncStep1(encoder, doc)),
      step2: written(0, (encoder) => writeSyncStep2(encoder, doc)),
      update: written(0, (encoder) => writeUpdate(encoder, Y.encodeStateAsUpdate(doc))),
      save: written(2, (encoder) => {
        encoding.writeVarString(encoder, 'save');
        encoding.writeVarUint(encoder, 300);
      }),
    };
    for (const [kind, frame] of Object.entries(frames)) {
      const message = decodeYMessage(frame);
      expect(message.kind).to.equal(kind);
      if (message.kind !== 'unknown') expect(encodeYMessage(message).equals(frame), kind).to.equal(true);
    }
  });

  it('are read when they say who is here, in any language', () => {
    const awareness = new Awareness(doc);
    awareness.setLocalState({ user: { name: 'Zoë 🦊' }, cursors: [{ anchor: null }] });
    const update = encodeAwarenessUpdate(awareness, [doc.clientID]);
    const frame = written(1, (encoder) => encoding.writeVarUint8Array(encoder, update));
    const message = decodeYMessage(frame);
    awareness.destroy();
    expect(message).to.deep.equal({
      kind: 'awareness',
      presences: [
        {
          client: doc.clientID,
          clock: 1,
          state: { user: { name: 'Zoë 🦊' }, cursors: [{ anchor: null }] },
        },
      ],
    });
    expect(encodeYMessage(message as never).equals(frame)).to.equal(true);
  });

  it('spell every number in as few bytes as it needs', () => {
    // 0x82 0x00 is 2 to who reads the whole number, and no save to who looks at the first byte.
    const save = bytes(4, ...Buffer.from('save'), 1);
    expect(kindOf(Buffer.concat([bytes(2), save]))).to.equal('save');
    expect(kindOf(Buffer.concat([bytes(0x82, 0x00), save]))).to.equal('MESSAGE_INVALID');
    expect(kindOf(Buffer.concat([bytes(0x82, 0x80, 0x00), save]))).to.equal('MESSAGE_INVALID');
    expect(kindOf(bytes(0x80, 0x00, 0, 1, 0))).to.equal('MESSAGE_INVALID');
    expect(kindOf(bytes(0, 0x82, 0x00, 1, 0))).to.equal('MESSAGE_INVALID');
    expect(kindOf(bytes(0, 2, 0x81, 0x00, 0))).to.equal('MESSAGE_INVALID');
    expect(kindOf(presence('{}', [0x85, 0x00]))).to.equal('MESSAGE_INVALID');
  });

  it('are no larger than what they say, and no smaller', () => {
    expect(kindOf(bytes(0, 2, 3, 1, 2, 3))).to.equal('update');
    const broken = [bytes(), bytes(0), bytes(0, 2), bytes(0, 2, 3), bytes(0, 2, 3, 1, 2), bytes(0x80)];
    for (const frame of broken) expect(kindOf(frame), frame.toString('hex')).to.equal('MESSAGE_INVALID');
    expect(kindOf(bytes(0, 2, 0xff, 0xff, 0xff, 0xff, 0x0f))).to.equal('MESSAGE_INVALID');
    expect(kindOf(bytes(2, 4, ...Buffer.from('save')))).to.equal('MESSAGE_INVALID');
    expect(kindOf(bytes(2, 9, ...Buffer.from('save')))).to.equal('MESSAGE_INVALID');
  });

  it('come one in a frame: a second one behind the first is refused with it', () => {
    const step1 = bytes(0, 0, 1, 0);
    const update = bytes(0, 2, 2, 0, 0);
    expect(kindOf(step1)).to.equal('step1');
    expect(kindOf(Buffer.concat([step1, update]))).to.equal('MESSAGE_INVALID');
    expect(kindOf(Buffer.concat([presence('{}'), update]))).to.equal('MESSAGE_INVALID');
    expect(kindOf(bytes(0, 0, 1, 0, 0))).to.equal('MESSAGE_INVALID');
    // Behind the list that awareness announced, within its length.
    expect(kindOf(bytes(1, 4, 0, 0, 2, 0))).to.equal('MESSAGE_INVALID');
  });

  it('are binary frames', () => {
    expect(kindOf('save')).to.equal('MESSAGE_INVALID');
    expect(kindOf('\u0000\u0002\u0000')).to.equal('MESSAGE_INVALID');
  });

  it('of other kinds are unknown', () => {
    for (const frame of [bytes(3), bytes(125, 1, 2), bytes(0, 3, 0), bytes(2, 4, ...Buffer.from('SAVE'), 1)])
      expect(kindOf(frame), frame.toString('hex')).to.equal('unknown');
  });

  it('say who is here with JSON objects, or null', () => {
    expect(kindOf(presence('{"user":{}}'))).to.equal('awareness');
    expect(kindOf(presence('null'))).to.equal('awareness');
    for (const state of ['', '[]', '7', '"x"', '{', '{"a":1}x', 'NaN'])
      expect(kindOf(presence(state)), state).to.equal('MESSAGE_INVALID');
    const notUtf8 = Buffer.concat([bytes(1, 7, 1, 5, 1, 3), bytes(0x22, 0xff, 0x22)]);
    expect(kindOf(notUtf8)).to.equal('MESSAGE_INVALID');
    expect(kindOf(presence(`{"a":"${'x'.repeat(1024 * 1024)}"}`))).to.equal('MESSAGE_INVALID');
    // More people than there are bytes.
    expect(kindOf(bytes(1, 6, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f))).to.equal('MESSAGE_INVALID');
  });

  it('of duplicate keys keep the last, and only that', () => {
    const message = decodeYMessage(presence('{"user":{"name":"a"},"user":{"name":"b"}}'));
    expect(encodeYMessage(message as never).equals(presence('{"user":{"name":"b"}}'))).to.equal(true);
  });

  it('answer a save that was refused as the server answers one that failed', () => {
    const frame = saveFailed(200);
    const reader = yReader(frame);
    expect(reader.number()).to.equal(2);
    expect(JSON.parse(reader.text())).to.deep.equal({ type: 'save', responseTo: 200, status: 'failed' });
    reader.end();
  });

  it('carry numbers up to 2^53', () => {
    for (const value of [0, 127, 128, 16_383, 16_384, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, value);
      expect(yNumber(value).equals(encoding.toUint8Array(encoder)), `${value}`).to.equal(true);
      expect(yReader(yNumber(value)).number()).to.equal(value);
    }
    const larger = bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
    expect(() => yReader(larger).number()).to.throw(AppError);
    expect(() => yReader(Buffer.alloc(64, 0xff)).number()).to.throw(AppError);
  });
});
