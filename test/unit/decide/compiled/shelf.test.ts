import { expect } from 'chai';
import { createLabelClasses } from '../../../../src/decide/compiled/label-classes.ts';
import { bucketsOn, changeShelf, eachMatching } from '../../../../src/decide/compiled/shelf.ts';
import { labelMatch } from '../../../../src/decide/functions/label-match.ts';
import { question } from '../../../support/decide-policy.ts';
import type { Bucket } from '../../../../src/decide/compiled/bucket.ts';
import type { Shelf } from '../../../../src/decide/compiled/shelf.ts';
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

type Classes = ReturnType<typeof createLabelClasses>;

function bucketOf(classes: Classes, tuple: readonly string[], edit: symbol): Bucket {
  return { edit, labels: classes.of(tuple), allow: undefined, deny: undefined, spare: [], entries: [] };
}

/** A shelf with a bucket for each tuple. */
function shelfOf(classes: Classes, tuples: readonly (readonly string[])[]): Shelf {
  let shelf: Shelf | undefined;
  const edit = Symbol('build');
  for (const tuple of tuples) {
    const made = bucketOf(classes, tuple, edit);
    shelf = changeShelf(shelf, { edit, labels: made.labels }, (bucket) => bucket ?? made);
  }
  if (shelf === undefined) throw new TypeError('expected tuples');
  return shelf;
}

function emptied(shelf: Shelf | undefined, classes: Classes, tuple: readonly string[]): Shelf | undefined {
  return changeShelf(shelf, { edit: Symbol('change'), labels: classes.of(tuple) }, () => undefined);
}

const LABELS = ['s1', 's69', 'x', '*', 'gate:*', 'gate:x'].flatMap((srv) =>
  ['contents', 'files', 'gate:users', 'gate:rules', 'a', '*'].flatMap((res) =>
    [...OWNERS, 'u2'].map((own) => ({ srv, res, own })),
  ),
);

/** Compares what is found with what `labelMatch` and `==` say. */
function expectFinds(shelf: Shelf, classes: Classes, tuples: readonly (readonly string[])[]): void {
  const numbers = new Map(tuples.map((tuple, index) => [classes.of(tuple), index]));
  for (const { srv, res, own } of LABELS) {
    const asked = question({ srv, res, own });
    for (const sets of [classes.matching(asked), undefined]) {
      const found: (number | undefined)[] = [];
      eachMatching(shelf, { question: asked, classes: sets }, ({ labels }) =>
        found.push(numbers.get(labels)),
      );
      const expected = tuples.flatMap(([server = '', resource = '', owner = ''], index) =>
        labelMatch(srv, server) && labelMatch(res, resource) && own === owner ? [index] : [],
      );
      expect(
        found.sort((a = 0, b = 0) => a - b),
        `${srv} ${res} ${own}`,
      ).to.deep.equal(expected);
    }
  }
}

describe('rules on one shelf', () => {
  for (const count of [6, TUPLES.length]) {
    it(`are found by their labels as labelMatch and == find them, ${count} of them`, () => {
      const classes = createLabelClasses(USES);
      const kept = TUPLES.slice(0, count);
      const shelf = shelfOf(classes, kept);
      expect(shelf.index !== undefined).to.equal(count > 12);
      expectFinds(shelf, classes, kept);
    });
  }
  it('with equal labels share a bucket', () => {
    const classes = createLabelClasses(USES);
    const shelf = shelfOf(classes, [...TUPLES, ...TUPLES]);
    expect([...bucketsOn(shelf)]).to.have.length(TUPLES.length);
    expect(classes.size).to.equal(TUPLES.length);
  });
  it('are gone when they are taken away, and nowhere else', () => {
    const classes = createLabelClasses(USES);
    const shelf = shelfOf(classes, TUPLES);
    const isGone = (index: number): boolean => index % 3 === 0;
    let left: Shelf | undefined = shelf;
    for (const [index, tuple] of TUPLES.entries()) if (isGone(index)) left = emptied(left, classes, tuple);
    if (left === undefined) throw new TypeError('expected rules to be left');
    expectFinds(
      left,
      classes,
      TUPLES.filter((_, index) => !isGone(index)),
    );
    expectFinds(shelf, classes, TUPLES);
    let none: Shelf | undefined = shelf;
    for (const tuple of TUPLES) none = emptied(none, classes, tuple);
    expect(none).to.equal(undefined);
  });
});
