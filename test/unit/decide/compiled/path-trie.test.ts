import { expect } from 'chai';
import { changeAt, emptyTrie, keptIn, leading, matching } from '../../../../src/decide/compiled/path-trie.ts';
import { maySign, pathSigns, patternSign, takeSigns } from '../../../../src/decide/compiled/path-signs.ts';
import { pathLeads, pathMatch } from '../../../../src/decide/functions/path-match.ts';
import type { PathTrie, Visit, Walk } from '../../../../src/decide/compiled/path-trie.ts';

const SEGMENTS = ['a', 'b', '*', '{user}', 'alice'];
const ENDS = [[], ['**']];
const SUBJECTS = ['alice', 'a', 'role:a', 'guest:1', 'anonymous', ''];

/** Every list of up to `length` items. */
function lists(items: readonly string[], length: number): string[][] {
  if (length === 0) return [[]];
  const shorter = lists(items, length - 1);
  return [
    ...shorter,
    ...shorter
      .filter((list) => list.length === length - 1)
      .flatMap((list) => items.map((item) => [...list, item])),
  ];
}

const PATTERNS = [
  '',
  '**',
  'a',
  ...lists(SEGMENTS, 3).flatMap((list) => ENDS.map((end) => `/${[...list, ...end].join('/')}`)),
];
const PATHS = [
  '',
  'a',
  '/role:a',
  '/guest:1/b',
  '/anonymous',
  ...lists(['a', 'b', 'alice', 'c', ''], 3).map((list) => `/${list.join('/')}`),
];

type Trie = PathTrie<string>;

function withPattern(trie: Trie, pattern: string, edit: symbol): Trie {
  return changeAt(trie, { pattern, change: { edit, mark: -1 }, to: () => pattern });
}

function without(trie: Trie, pattern: string): Trie {
  const change = { edit: Symbol('change'), mark: 0 };
  return changeAt(trie, { pattern, change, to: () => undefined });
}

describe('a trie of path patterns', () => {
  const edit = Symbol('build');
  const trie = PATTERNS.reduce((made, pattern) => withPattern(made, pattern, edit), emptyTrie<string>());

  type Search = (trie: Trie, walk: Walk, visit: Visit<string, Walk>) => boolean;
  const agrees = (search: Search, test: (path: string, pattern: string, subject: string) => boolean) => {
    for (const subject of SUBJECTS) {
      for (const path of PATHS) {
        const found: string[] = [];
        search(trie, { path, subject }, (pattern) => {
          found.push(pattern);
          return false;
        });
        const expected = PATTERNS.filter((pattern) => test(path, pattern, subject));
        expect(found.sort(), `${path} for ${subject}`).to.deep.equal(expected.sort());
      }
    }
  };

  it('finds what pathMatch accepts', () => {
    agrees(matching, pathMatch);
  });
  it('finds what may match below a directory', () => {
    agrees((each, walk, visit) => leading(each, walk, { visit }), pathLeads);
  });
  it('stops when it is told to', () => {
    let visited = 0;
    const visit = () => ++visited > 0;
    expect(matching(trie, { path: '/a/b', subject: 'alice' }, visit)).to.equal(true);
    expect(leading(trie, { path: '/', subject: 'alice' }, { visit })).to.equal(true);
    expect(visited).to.equal(2);
  });
  it('stays as it is when it is changed, and is empty when everything was taken out', () => {
    const kept = [...keptIn(trie)].sort();
    let left = trie;
    for (const pattern of PATTERNS) {
      left = without(left, pattern);
      expect([...keptIn(left)]).to.not.include(pattern);
    }
    expect(left).to.deep.equal(emptyTrie());
    const added = withPattern(without(trie, '/a/b'), '/new/**', Symbol('change'));
    expect([...keptIn(added)].sort()).to.deep.equal(
      [...kept.filter((pattern) => pattern !== '/a/b'), '/new/**'].sort(),
    );
    expect([...keptIn(trie)].sort()).to.deep.equal(kept);
  });
});

describe('a pattern and a path', () => {
  /** What `pathMatch` says, written over lists of segments. */
  const matches = (path: readonly string[], pattern: readonly string[], subject: string): boolean => {
    const [first, ...rest] = pattern;
    if (first === undefined) return path.length === 0;
    if (first === '**' && rest.length === 0) return true;
    const [segment, ...others] = path;
    const isPerson = subject !== '' && subject !== 'anonymous' && !subject.includes(':');
    const accepts =
      first === '*' || first === segment || (first === '{user}' && isPerson && segment === subject);
    const isName = first === '{user}' && !(isPerson && segment === subject);
    return segment !== undefined && accepts && !isName && matches(others, rest, subject);
  };
  const segments = (text: string): string[] => (text === '/' ? [] : text.slice(1).split('/'));
  const rooted = (texts: readonly string[]) => texts.filter((text) => text.startsWith('/'));

  it('agree segment by segment', () => {
    for (const subject of SUBJECTS)
      for (const path of rooted([...PATHS, '/{user}', '/ab', '/a/bb']))
        for (const pattern of rooted([...PATTERNS, '/ab/b', '/{user', '/a/{user}x']))
          expect(pathMatch(path, pattern, subject), `${path} ${pattern} for ${subject}`).to.equal(
            matches(segments(path), segments(pattern), subject),
          );
  });
  it('have signs by which nothing is passed over that matches', () => {
    const signs = pathSigns();
    const deep = `/${Array.from({ length: 40 }, () => 'a').join('/')}`;
    let passed = 0;
    for (const path of [...PATHS, deep]) {
      takeSigns(path, signs);
      for (const pattern of [...PATTERNS, deep, `${deep}/**`, `${deep}/b`]) {
        const may = maySign(patternSign(pattern), signs);
        if (!may) passed++;
        const isMatch = SUBJECTS.some((subject) => pathMatch(path, pattern, subject));
        expect(may || !isMatch, `${path} ${pattern}`).to.equal(true);
      }
    }
    expect(passed).to.be.greaterThan(1000);
  });
});
