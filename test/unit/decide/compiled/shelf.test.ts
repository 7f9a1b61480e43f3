import { expect } from 'chai';
import { createLabelClasses } from '../../../../src/decide/compiled/label-class.ts';
import { bucketFor, createShelf, eachMatching } from '../../../../src/decide/compiled/shelf.ts';
import { labelMatch } from '../../../../src/decide/functions/label-match.ts';
import { question } from '../../../support/decide-policy.ts';
import type { LabelUse } from '../../../../src/decide/compiled/plan.ts';

const USES: readonly LabelUse[] = [
  { kind: 'label', field: 'srv', column: 0 },
  { kind: 'label', field: 'res', column: 1 },
  { kind: 'equal', field: 'own', column: 2 },
];
const MANY = Array.from({ length: 70 }, (_, index) => `s${index}`).join('|');
const SERVERS = ['*', 's1', 's1|s2', 's1|*', '', MANY];
const RESOURCES = ['*', 'gate:*', 'gate:users', 'contents', 'contents|gate:*|files', '*|gate:users', 'a||b'];
const OWNERS = ['', '*', 'gate:*', 'u1', 'u1|u2'];

/** Every tuple of one value each. */
const TUPLES = SERVERS.flatMap((srv) => RESOURCES.flatMap((res) => OWNERS.map((own) => [srv, res, own])));

describe('rules on one shelf', () => {
  for (const count of [6, TUPLES.length]) {
    it(`are found by their labels as labelMatch and == find them, ${count} of them`, () => {
      const classes = createLabelClasses(USES);
      const shelf = createShelf();
      const kept = TUPLES.slice(0, count);
      const numbers = new Map(kept.map((tuple, index) => [bucketFor(shelf, classes.of(tuple)), index]));
      expect(numbers.size).to.equal(kept.length);
      expect(shelf.index !== undefined).to.equal(count > 12);
      for (const srv of ['s1', 's69', 'x', '*', 'gate:*', 'gate:x']) {
        for (const res of ['contents', 'files', 'gate:users', 'gate:rules', 'a', '*']) {
          for (const own of [...OWNERS, 'u2']) {
            const found: (number | undefined)[] = [];
            eachMatching(shelf, question({ srv, res, own }), (bucket) => found.push(numbers.get(bucket)));
            const expected = kept.flatMap(([server = '', resource = '', owner = ''], index) =>
              labelMatch(srv, server) && labelMatch(res, resource) && own === owner ? [index] : [],
            );
            expect(
              found.sort((a = 0, b = 0) => a - b),
              `${srv} ${res} ${own}`,
            ).to.deep.equal(expected);
          }
        }
      }
    });
  }
  it('with equal labels share a bucket', () => {
    const classes = createLabelClasses(USES);
    const shelf = createShelf();
    for (const tuple of [...TUPLES, ...TUPLES]) bucketFor(shelf, classes.of(tuple));
    expect(shelf.buckets).to.have.length(TUPLES.length);
    expect(classes.size).to.equal(TUPLES.length);
  });
});
