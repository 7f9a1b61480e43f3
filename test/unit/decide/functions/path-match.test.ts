import { expect } from 'chai';
import { checkPathPattern, pathCovers, pathsOverlap } from '../../../../src/decide/functions/path-pattern.ts';
import { pathLeads, pathMatch } from '../../../../src/decide/functions/path-match.ts';

describe('pathMatch', () => {
  const cases: [string, string, boolean, string?][] = [
    ['', '', true],
    ['', '**', true],
    ['', '/**', false],
    ['', '/', false],
    ['/', '', false],
    ['/a', '**', true],
    ['/a', '/**', true],
    ['/', '/**', true],
    ['/', '/', true],
    ['/a', '/', false],
    ['/pub', '/pub/**', true],
    ['/pub/a/b', '/pub/**', true],
    ['/public', '/pub/**', false],
    ['/pub/a', '/pub/*', true],
    ['/pub', '/pub/*', false],
    ['/pub/a/b', '/pub/*', false],
    ['/pub/.ssh', '/pub/*', true],
    ['/pub/a/x', '/pub/*/x', true],
    ['/home/alice', '/home/{user}', true],
    ['/home/alice/x', '/home/{user}/**', true],
    ['/home/bob', '/home/{user}', false],
    ['/home/role:viewer', '/home/{user}', false, 'role:viewer'],
    ['/home/guest:1', '/home/{user}', false, 'guest:1'],
    ['/home/anonymous', '/home/{user}', false, 'anonymous'],
    ['/home/{user}', '/home/{user}', false],
    ['/Pub', '/pub', false],
    ['/a/**', '/a/**', true],
    ['/a/**/c', '/a/**/c', true],
    ['/a/b/c', '/a/**/c', false],
    ['/a', 'a', false],
  ];
  for (const [path, pattern, expected, subject = 'alice'] of cases) {
    it(`${expected ? 'matches' : 'does not match'} \`${path}\` with \`${pattern}\` for ${subject}`, () => {
      expect(pathMatch(path, pattern, subject)).to.equal(expected);
    });
  }
  it('takes time in proportion to its input', () => {
    const begun = performance.now();
    for (let round = 0; round < 200; round++) pathMatch('/a'.repeat(2000), `${'/*'.repeat(500)}/b`, 'alice');
    expect(performance.now() - begun).to.be.below(1000);
  });
});

describe('pathLeads', () => {
  const cases: [string, string, boolean, string?][] = [
    ['/', '/pub/**', true],
    ['/pub', '/pub/**', true],
    ['/pub/a', '/pub/**', true],
    ['/pub', '/pub/a/b', true],
    ['/pub/a/b', '/pub/a/b', false],
    ['/priv', '/pub/**', false],
    ['/pub', '/pub', false],
    ['/home', '/home/{user}/**', true],
    ['/home', '/home/{user}/**', false, 'guest:1'],
    ['/home/alice', '/home/{user}/x', true],
    ['/home/bob', '/home/{user}/x', false],
    ['/', '**', true],
    ['/', '', false],
    ['/', '/', false],
    ['', '**', false],
    ['/a', '/*/b', true],
  ];
  for (const [path, pattern, expected, subject = 'alice'] of cases) {
    it(`${path === '' ? 'no path' : path} ${expected ? 'leads' : 'does not lead'} to \`${pattern}\` for ${subject}`, () => {
      expect(pathLeads(path, pattern, subject)).to.equal(expected);
    });
  }
});

describe('a path pattern', () => {
  for (const pattern of [
    '',
    '**',
    '/',
    '/**',
    '/a',
    '/a/*/b',
    '/a/**',
    '/home/{user}/**',
    '/with blank/ü',
    '/.hidden',
  ]) {
    it(`may be \`${pattern}\``, () => expect(checkPathPattern(pattern)).to.equal(undefined));
  }
  for (const pattern of [
    'a',
    '*',
    '/a/',
    '//a',
    '/a//b',
    '/./a',
    '/../a',
    '/**/a',
    '/a*',
    '/*.py',
    '/{user}x',
    '/{name}',
    '/a\\b',
    '/a\n',
    `/${'a'.repeat(2000)}`,
  ]) {
    it(`may not be \`${JSON.stringify(pattern).slice(1, 30)}\``, () =>
      expect(checkPathPattern(pattern)).to.be.a('string'));
  }
});

describe('path patterns', () => {
  const covers: [string, string, boolean][] = [
    ['**', '', true],
    ['**', '/a', true],
    ['/**', '', false],
    ['/**', '**', false],
    ['/**', '/a/**', true],
    ['/a/**', '/a', true],
    ['/a/**', '/a/b/**', true],
    ['/a/**', '/ab', false],
    ['/a/*', '/a/b', true],
    ['/a/*', '/a/{user}', true],
    ['/a/b', '/a/*', false],
    ['/a/*', '/a/**', false],
    ['/a/{user}/**', '/a/{user}/**', true],
    ['/a/{user}/**', '/a/bob/**', false],
    ['', '', true],
    ['', '/a', false],
  ];
  for (const [outer, inner, expected] of covers) {
    it(`\`${outer}\` ${expected ? 'covers' : 'does not cover'} \`${inner}\``, () =>
      expect(pathCovers(outer, inner)).to.equal(expected));
  }
  const overlaps: [string, string, boolean][] = [
    ['/a/**', '/a/b', true],
    ['/a/*', '/a/b', true],
    ['/a/b', '/a/c', false],
    ['/a', '/a/b', false],
    ['', '/**', false],
    ['', '**', true],
    ['/a/{user}', '/a/bob', true],
  ];
  for (const [one, other, expected] of overlaps) {
    it(`\`${one}\` and \`${other}\` ${expected ? 'may overlap' : 'cannot overlap'}`, () => {
      expect(pathsOverlap(one, other)).to.equal(expected);
      expect(pathsOverlap(other, one)).to.equal(expected);
    });
  }
});
