import { expect } from 'chai';
import { canonicalJson, storableText } from '../../../src/core/canonical-json.ts';
import { randomSource } from '../../differential/random-source.ts';
import type { RandomSource } from '../../differential/random-source.ts';

describe('canonical JSON', () => {
  it('is what RFC 8785 shows for its own example of numbers, strings and literals', () => {
    const value = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
        "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalJson(value)).to.equal(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts members by UTF-16 code units, as the example of RFC 8785 section 3.2.3 does', () => {
    const value = JSON.parse(
      String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
        "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    );
    expect(Object.values(JSON.parse(canonicalJson(value)))[0]).to.equal('One');
    expect([...canonicalJson(value).matchAll(/":"([^"]+)"/g)].map(([, text]) => text)).to.deep.equal([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes what JSON has no form for as JSON.stringify does', () => {
    expect(canonicalJson(undefined)).to.equal('null');
    expect(canonicalJson(() => 1)).to.equal('null');
    expect(canonicalJson({ a: undefined, b: [undefined], c: Number.NaN, d: -0 })).to.equal(
      '{"b":[null],"c":null,"d":0}',
    );
    expect(canonicalJson({ at: new Date(0) })).to.equal('{"at":"1970-01-01T00:00:00.000Z"}');
  });

  it('has no half of a surrogate pair and keeps whole ones', () => {
    expect(canonicalJson({ '\ud800': 'a\udc00b😀' })).to.equal('{"\uFFFD":"a\uFFFDb😀"}');
    expect(storableText('a\0b\ud83d')).to.equal('a\uFFFDb\uFFFD');
  });

  it('is one text for each value, whatever the order and spelling it came in', () => {
    const random = randomSource(20_261_122);
    const texts = new Map<string, string>();
    for (let round = 0; round < 3000; round += 1) {
      const value = randomValue(random, 4);
      const text = canonicalJson(value);
      expect(JSON.parse(text)).to.deep.equal(value);
      expect(canonicalJson(JSON.parse(text))).to.equal(text);
      expect(canonicalJson(shuffled(random, value))).to.equal(text);
      expect(text).not.to.match(/\n/);
      const plain = JSON.stringify(inOrder(value));
      expect(texts.get(text) ?? plain).to.equal(plain);
      texts.set(text, plain);
    }
  });
});

const PIECES = ['', 'a', 'ü', '"', '\\', '\u0000', '\u001f', '\u2028', '😀', ',', '{', ':', 'é', 'e\u0301'];

function randomText(random: RandomSource): string {
  return Array.from({ length: random.below(4) }, () => random.pick(PIECES)).join('');
}

function randomValue(random: RandomSource, depth: number): unknown {
  const kind = random.below(depth > 0 ? 7 : 5);
  if (kind === 0) return random.pick([null, true, false]);
  if (kind === 1)
    return random.pick([0, -1, 1e21, 1e-7, 0.1, 2 ** 53, -3.5, random.number() * 10 ** random.below(30)]);
  if (kind < 5) return randomText(random);
  const length = random.below(4);
  if (kind === 5) return Array.from({ length }, () => randomValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length }, () => [randomText(random), randomValue(random, depth - 1)]),
  );
}

/** The same value with its members in another order. */
function shuffled(random: RandomSource, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(random, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    random.shuffled(Object.entries(value)).map(([name, member]) => [name, shuffled(random, member)]),
  );
}

/** A plain second opinion on what makes two values the same. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([name, member]) => [name, inOrder(member)] as const)
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
