import { expect } from 'chai';
import { createPathTrie, walkOf } from '../../../../src/decide/compiled/path-trie.ts';
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

describe('a trie of path patterns', () => {
  const trie = createPathTrie<string>();
  for (const pattern of PATTERNS) trie.at(pattern, () => pattern);

  type Search = (trie: PathTrie<string>, walk: Walk, visit: Visit<string>) => boolean;
  const agrees = (search: Search, test: (path: string, pattern: string, subject: string) => boolean) => {
    for (const subject of SUBJECTS) {
      for (const path of PATHS) {
        const found: string[] = [];
        search(trie, walkOf(path, subject), (pattern) => {
          found.push(pattern);
          return false;
        });
        const expected = PATTERNS.filter((pattern) => test(path, pattern, subject));
        expect(found.sort(), `${path} for ${subject}`).to.deep.equal(expected.sort());
      }
    }
  };

  it('finds what pathMatch accepts', () => {
    agrees((each, walk, visit) => each.matching(walk, visit), pathMatch);
  });
  it('finds what may match below a directory', () => {
    agrees((each, walk, visit) => each.leading(walk, visit), pathLeads);
  });
  it('stops when it is told to', () => {
    let visited = 0;
    const once = () => ++visited > 0;
    expect(trie.matching(walkOf('/a/b', 'alice'), once)).to.equal(true);
    expect(trie.leading(walkOf('/', 'alice'), once)).to.equal(true);
    expect(visited).to.equal(2);
  });
});
