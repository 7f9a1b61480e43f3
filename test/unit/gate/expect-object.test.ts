import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { expectObject } from '../../../src/gate/expect-object.ts';

describe('the beginning of a streamed body', () => {
  const outcome = async (...chunks: string[]): Promise<string> => {
    const body = Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    );
    try {
      await expectObject(body);
    } catch (error) {
      return String(Reflect.get(error as object, 'code'));
    }
    return text(body);
  };

  it('passes an object with a key, byte for byte, however it is cut', async () => {
    for (const chunks of [
      ['{"type":"file"}'],
      ['{', '"', 'a":1}'],
      [' \n{', '\t', '\r "a"', ':1}'],
      ['{"a":1}', 'x'.repeat(200_000)],
    ]) {
      expect(await outcome(...chunks)).to.equal(chunks.join(''));
    }
  });

  it('refuses all that Jupyter takes for nothing', async () => {
    for (const chunks of [
      [],
      [''],
      ['{}'],
      ['{ ', ' }'],
      ['null'],
      ['0'],
      ['""'],
      ['[]'],
      ['   '],
      ['false'],
    ]) {
      expect(await outcome(...chunks), chunks.join('|')).to.equal('BODY_INVALID');
    }
  });

  it('refuses what no client writes', async () => {
    for (const chunks of [['\ufeff{"a":1}'], [' '.repeat(5000), '{"a":1}'], ["{'a':1}"], ['{']]) {
      expect(await outcome(...chunks), chunks[0]?.slice(0, 8)).to.equal('BODY_INVALID');
    }
  });

  it('gives up when the client goes away', async () => {
    const body = new Readable({ read: () => undefined });
    const waiting = expectObject(body).catch((error: unknown) => error);
    body.destroy();
    expect(await waiting).to.have.property('code', 'BODY_INVALID');
  });
});
