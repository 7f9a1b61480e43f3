import { expect } from 'chai';
import { pathMatch } from '../../../../src/decide/functions/path-match.ts';
import { checkPathPattern } from '../../../../src/decide/functions/path-pattern.ts';
import { intersectPaths } from '../../../../src/decide/functions/path-intersection.ts';

describe('what two path patterns both match', () => {
  for (const [pattern, limit, expected] of [
    ['**', '/lectures/**', ['', '/lectures/**']],
    ['', '/lectures/**', ['']],
    ['/**', '/lectures/**', ['/lectures/**']],
    ['/', '/lectures/**', []],
    ['/lectures/a/**', '/lectures/**', ['/lectures/a/**']],
    ['/lectures/**', '/lectures/a.ipynb', ['/lectures/a.ipynb']],
    ['/home/{user}/**', '/lectures/**', []],
    ['/home/{user}/**', '/home/**', ['/home/{user}/**']],
    ['/home/{user}/**', '/home/ada/**', []],
    ['/*/a/**', '/lectures/**', ['/lectures/a/**']],
    ['/*/b', '/a/*', ['/a/b']],
    ['/a', '/a/b', []],
  ] as const) {
    it(`is ${JSON.stringify(expected)} for \`${pattern}\` in \`${limit}\``, () => {
      expect(intersectPaths(pattern, limit)).to.deep.equal(expected);
    });
  }

  it('is never more than either, for every pattern of a few segments', () => {
    const segments = ['a', 'b', '*', '{user}'];
    const patterns = ['', '**', '/', '/**'];
    for (const one of segments) {
      patterns.push(`/${one}`, `/${one}/**`);
      for (const two of segments) patterns.push(`/${one}/${two}`, `/${one}/${two}/**`);
    }
    const names = ['a', 'b', 'ada', 'c'];
    const paths = ['', '/', ...names.map((name) => `/${name}`)];
    for (const one of names) for (const two of names) paths.push(`/${one}/${two}`, `/${one}/${two}/c`);
    for (const pattern of patterns) {
      for (const limit of patterns.filter((candidate) => candidate.startsWith('/'))) {
        const both = intersectPaths(pattern, limit);
        for (const part of both) expect(checkPathPattern(part), part).to.equal(undefined);
        const isExact = !pattern.includes('{user}') && !limit.includes('{user}');
        for (const path of paths) {
          const inBoth = pathMatch(path, pattern, 'ada') && (path === '' || pathMatch(path, limit, 'ada'));
          const matched = both.some((part) => pathMatch(path, part, 'ada'));
          if (matched) expect(inBoth, `${path} ${pattern} ${limit}`).to.equal(true);
          if (isExact) expect(matched, `${path} ${pattern} ${limit}`).to.equal(inBoth);
        }
      }
    }
  });
});
