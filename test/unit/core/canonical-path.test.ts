import { expect } from 'chai';
import {
  ROOT_PATH,
  canonicalPath,
  canonicalPathFromTarget,
  encodePath,
  joinPath,
  jupyterPath,
  parentPath,
  percentDecode,
} from '../../../src/core/canonical-path.ts';

describe('the canonical path', () => {
  const FORMS: readonly (readonly [string, string])[] = [
    ['', '/'],
    ['/', '/'],
    ['///', '/'],
    ['pub/a.txt', '/pub/a.txt'],
    ['/pub/a.txt', '/pub/a.txt'],
    ['//pub/a.txt//', '/pub/a.txt'],
    ['.hid/..x/x..', '/.hid/..x/x..'],
    ['a b/é', '/a b/é'],
    ['😀', '/😀'],
  ];
  for (const [given, expected] of FORMS) {
    it(`of ${JSON.stringify(given)} is ${expected}`, () => expect(canonicalPath(given)).to.equal(expected));
  }

  for (const path of [
    '..',
    'a/..',
    'a/../b',
    '.',
    './a',
    'a/.',
    'a//b',
    'a\\b',
    'a\u0000',
    'a\nb',
    'a\u007f',
    '\ud800',
    'a/\udc00',
  ]) {
    it(`of ${JSON.stringify(path)} does not exist`, () => {
      expect(() => canonicalPath(path))
        .to.throw()
        .with.property('code', 'PATH_INVALID');
    });
  }

  it('is at most 4096 characters long', () => {
    expect(canonicalPath('a'.repeat(4096))).to.have.length(4097);
    expect(() => canonicalPath('a'.repeat(4097)))
      .to.throw()
      .with.property('code', 'PATH_INVALID');
  });

  it('of a target is decoded exactly once, and an encoded slash separates', () => {
    expect(canonicalPathFromTarget('/pub%2Fa%20b.txt')).to.equal('/pub/a b.txt');
    expect(canonicalPathFromTarget('/%252e%252e/x')).to.equal('/%2e%2e/x');
    for (const encoded of [
      '/%2e%2e/x',
      '/a%2f..%2fb',
      '/%00',
      '/%5c',
      '/%',
      '/%zz',
      '/%ff',
      '/%c0%af',
      '/%ed%a0%80',
    ]) {
      expect(() => canonicalPathFromTarget(encoded), encoded)
        .to.throw()
        .with.property('code', 'PATH_INVALID');
    }
  });

  it('stays the same when it is made canonical, or encoded and decoded, again', () => {
    for (const given of ['a/b', '%2e/x', 'a b+c&d?e#f', "é/(1)'*!~", '100%']) {
      const path = canonicalPath(given);
      expect(canonicalPath(path)).to.equal(path);
      expect(canonicalPathFromTarget(encodePath(path))).to.equal(path);
    }
    expect(encodePath(ROOT_PATH)).to.equal('');
  });

  it('is taken apart and put together', () => {
    const path = canonicalPath('a/b/c');
    expect(jupyterPath(path)).to.equal('a/b/c');
    expect(jupyterPath(ROOT_PATH)).to.equal('');
    expect(parentPath(path)).to.equal('/a/b');
    expect(parentPath(canonicalPath('a'))).to.equal('/');
    expect(parentPath(ROOT_PATH)).to.equal('/');
    expect(joinPath(path, 'd/e')).to.equal('/a/b/c/d/e');
    expect(joinPath(ROOT_PATH, 'a')).to.equal('/a');
    expect(() => joinPath(path, '../d'))
      .to.throw()
      .with.property('code', 'PATH_INVALID');
  });

  it('refuses what percent-decoding would have to guess', () => {
    expect(percentDecode('a%2Bb+c')).to.equal('a+b+c');
    expect(() => percentDecode('%e9'))
      .to.throw()
      .with.property('code', 'PATH_INVALID');
  });
});
