import { expect } from 'chai';
import { Util } from 'casbin';
import { between, checkBound } from '../../../../src/decide/functions/between.ts';
import { checkGlob, globMatch } from '../../../../src/decide/functions/glob-match.ts';
import { checkRange, ipMatch } from '../../../../src/decide/functions/ip-match.ts';
import { keyMatch } from '../../../../src/decide/functions/key-match.ts';
import { checkKeyPattern, keyMatch2 } from '../../../../src/decide/functions/key-match2.ts';
import { labelMatch } from '../../../../src/decide/functions/label-match.ts';
import { checkRegex, regexMatch } from '../../../../src/decide/functions/regex-match.ts';
import { findFunction } from '../../../../src/decide/functions/functions.ts';
import { seeded } from '../../../support/decide-policy.ts';

describe('labelMatch', () => {
  const cases: [string, string, boolean][] = [
    ['read', 'read', true],
    ['read', 'write', false],
    ['read', 'read|write', true],
    ['execute', 'read|write', false],
    ['contents', '*', true],
    ['gate:users', '*', false],
    ['gate:users', 'gate:*', true],
    ['gate:users', 'contents|gate:*', true],
    ['gate:users', 'contents|*', false],
    ['gate:users', 'gate:users', true],
    ['contents', 'gate:*', false],
    ['contents', 'content', false],
    ['', '*', true],
    ['read', '', false],
  ];
  for (const [label, pattern, expected] of cases) {
    it(`${expected ? 'matches' : 'does not match'} \`${label}\` with \`${pattern}\``, () => {
      expect(labelMatch(label, pattern)).to.equal(expected);
    });
  }
});

describe('between', () => {
  const time = '2026-03-02T10:15:30+01:00';
  const cases: [string, string, boolean][] = [
    ['10:15', '10:16', true],
    ['10:16', '12:00', false],
    ['09:00', '10:15', false],
    ['22:00', '06:00', false],
    ['10:00', '06:00', true],
    ['12:00', '11:00', true],
    ['00:00', '24:00', true],
    ['10:15', '10:15', false],
    ['2026-03-02T09:15:00Z', '2026-03-02T09:16:00Z', true],
    ['2026-03-02T10:15:00+01:00', '2026-03-02T10:16:00+01:00', true],
    ['2026-03-02T10:15:00Z', '2026-03-02T10:16:00Z', false],
    ['2026-03-02T09:16:00Z', '2026-03-02T09:15:00Z', false],
  ];
  for (const [start, end, expected] of cases) {
    it(`${expected ? 'holds' : 'does not hold'} at 10:15:30+01:00 from ${start} to ${end}`, () => {
      expect(between(time, start, end)).to.equal(expected);
    });
  }
  it('throws for what it cannot read, so that the question is refused', () => {
    expect(() => between('', '09:00', '10:00')).to.throw(TypeError);
    expect(() => between('2026-02-30T99:00:00Z', '09:00', '10:00')).to.throw(TypeError);
    expect(() => between(time, '9:00', '10:00')).to.throw(TypeError);
    expect(() => between(time, '09:00', '2026-03-02T09:15:00Z')).to.throw(TypeError);
  });
  it('takes whole minutes only, so that answers change when a minute begins', () => {
    expect(checkBound('2026-03-02T09:15:30Z')).to.be.a('string');
    expect(checkBound('2026-03-02T09:15:00Z')).to.equal(undefined);
  });
});

describe('ipMatch', () => {
  const cases: [string, string, boolean][] = [
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['10.1.2.3', '::/0', false],
    ['2001:db8::1', '0.0.0.0/0', false],
    ['10.1.2.3', '0.0.0.0/0', true],
  ];
  for (const [address, range, expected] of cases) {
    it(`${expected ? 'finds' : 'does not find'} ${address} in ${range}`, () =>
      expect(ipMatch(address, range)).to.equal(expected));
  }
  it('throws for an address it cannot read', () => {
    for (const address of ['', 'localhost', '010.1.2.3', '10.1', '0x0a.1.2.3']) {
      expect(() => ipMatch(address, '0.0.0.0/0'), address).to.throw(TypeError);
    }
  });
  it('refuses ranges that mean something else elsewhere', () => {
    for (const range of [
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/08',
      '10/8',
      'all',
      '::1/129',
      '::ffff:10.0.0.0/8',
    ]) {
      expect(checkRange(range), range).to.be.a('string');
    }
  });
});

describe('keyMatch and keyMatch2', () => {
  it('answer as Casbin does', () => {
    const keys = ['', '/', '/a', '/a/', '/a/b', '/a/b/c', '/b/c', 'a', '/a/x/b'];
    const patterns = [
      '*',
      '/*',
      '/a',
      '/a/*',
      '/a/b',
      '/a*',
      '/:x',
      '/:x/b',
      '/a/:y',
      '/:x/:y',
      '/a/:y/*',
      '',
      '/a/:y/b',
    ];
    for (const key of keys) {
      for (const pattern of patterns) {
        expect(keyMatch(key, pattern), `${key} ${pattern}`).to.equal(Util.keyMatchFunc(key, pattern));
        if (checkKeyPattern(pattern) !== undefined) continue;
        expect(keyMatch2(key, pattern), `${key} ${pattern}`).to.equal(Util.keyMatch2Func(key, pattern));
      }
    }
  });
  it('refuse the pattern on which Casbin never returns', () => {
    expect(checkKeyPattern('/foo/:')).to.be.a('string');
    expect(keyMatch2('/foo/x', '/foo/:')).to.equal(false);
  });
  it('take a dot for a dot', () => {
    expect(keyMatch2('/aXb', '/a.b')).to.equal(false);
    expect(Util.keyMatch2Func('/aXb', '/a.b')).to.equal(true);
  });
});

describe('globMatch', () => {
  const cases: [string, string, boolean][] = [
    ['/a/b.py', '/a/*.py', true],
    ['/a/c/b.py', '/a/*.py', false],
    ['/a/c/b.py', '/a/**/*.py', true],
    ['/a/b.py', '/a/**/*.py', true],
    ['/a/b/c/d', '/a/**', true],
    ['/a/.ssh', '/a/*', true],
    ['/a/b1', '/a/b?', true],
    ['/a/b', '/a/b?', false],
    ['/x/a/y/a/z', '/**/a/z', true],
    ['/x/a/y/a/q', '/**/a/z', false],
  ];
  for (const [text, pattern, expected] of cases) {
    it(`${expected ? 'matches' : 'does not match'} ${text} with ${pattern}`, () =>
      expect(globMatch(text, pattern)).to.equal(expected));
  }
  it('stays quick on a pattern made to be slow', () => {
    const begun = performance.now();
    expect(globMatch('a'.repeat(4000), `${'*a'.repeat(120)}b`)).to.equal(false);
    expect(globMatch('/a'.repeat(2000), `${'/**/a'.repeat(40)}/b`)).to.equal(false);
    expect(performance.now() - begun).to.be.below(500);
  });
  it('refuses wildcards it does not know', () => {
    for (const pattern of ['/{a,b}', '/[ab]', '!/a', '/a**', '/+(a)', `/${'a'.repeat(300)}`]) {
      expect(checkGlob(pattern), pattern).to.be.a('string');
    }
  });
});

describe('regexMatch', () => {
  it('answers as JavaScript does', () => {
    const random = seeded(7);
    const pick = (from: string[]) => from[Math.floor(random() * from.length)] ?? '';
    const atoms = [
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\w',
      '(a|b)',
      '(ab)',
      '(a*|b)',
      '[a-c]',
      '(^a)',
      '(b$)',
      '\\.',
      '(|a)',
      '(((a|b)+c)?)',
    ];
    for (let round = 0; round < 3000; round++) {
      const parts = Array.from(
        { length: 1 + Math.floor(random() * 4) },
        () => pick(atoms) + pick(['', '', '*', '+', '?']),
      );
      const pattern = pick(['', '^']) + parts.join(pick(['', '', '|'])) + pick(['', '$']);
      expect(checkRegex(pattern), pattern).to.equal(undefined);
      // what one text has shown is remembered for the next
      for (const most of [7, 7, 20]) {
        const text = Array.from({ length: Math.floor(random() * most) }, () =>
          pick(['a', 'b', 'c', '1', '.']),
        ).join('');
        expect(regexMatch(text, pattern), `${text} ${pattern}`).to.equal(new RegExp(pattern).test(text));
      }
    }
  });
  it('stays quick where backtracking would not end', () => {
    const begun = performance.now();
    for (const pattern of ['^(a+)+$', '(a|a)*b', 'a*a*a*a*a*b']) {
      expect(regexMatch(`${'a'.repeat(2000)}!`, pattern)).to.equal(false);
    }
    expect(performance.now() - begun).to.be.below(1000);
  });
  it('refuses what it does not support', () => {
    for (const pattern of [
      '(?=a)',
      '(?:a)',
      '\\1',
      'a{2}',
      'a**',
      '[a',
      '(a',
      'a)',
      '*a',
      '\\b',
      '[z-a]',
      'x'.repeat(300),
      `${'('.repeat(40)}a${')'.repeat(40)}`,
    ]) {
      expect(checkRegex(pattern), pattern).to.be.a('string');
    }
  });
});

describe('a registered function', () => {
  it('refuses anything but strings, as loose comparison would take a list for its only element', () => {
    const labels = findFunction('labelMatch');
    expect(() => labels?.call(['read'], 'read')).to.throw(TypeError);
    expect(() => labels?.call(undefined, 'read')).to.throw(TypeError);
    expect(() => labels?.call('read')).to.throw(TypeError);
  });
  it('is found by its name and not by what every object has', () => {
    expect(findFunction('constructor')).to.equal(undefined);
    expect(findFunction('toString')).to.equal(undefined);
  });
});
