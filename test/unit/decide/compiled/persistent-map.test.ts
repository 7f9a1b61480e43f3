import { expect } from 'chai';
import {
  keysIn,
  lookUp,
  valuesIn,
  withEntry,
  withoutEntry,
} from '../../../../src/decide/compiled/persistent-map.ts';
import { randomSource } from '../../../differential/random-source.ts';
import type { PersistentMap } from '../../../../src/decide/compiled/persistent-map.ts';

const KEYS = 3000;

function expectEqual(map: PersistentMap<number>, expected: ReadonlyMap<string, number>): void {
  for (let key = 0; key < KEYS; key++) expect(lookUp(map, `k${key}`)).to.equal(expected.get(`k${key}`));
  expect([...keysIn(map)].sort()).to.deep.equal([...expected.keys()].sort());
  expect(new Set(valuesIn(map))).to.deep.equal(new Set(expected.values()));
}

describe('a persistent map', () => {
  it('holds what a map holds, in every version', () => {
    const random = randomSource(3);
    let map: PersistentMap<number>;
    let expected = new Map<string, number>();
    const versions: [PersistentMap<number>, ReadonlyMap<string, number>][] = [];
    let edit = Symbol('first');
    for (let step = 0; step < 20_000; step++) {
      if (step > 6000 && step % 3 === 0) edit = Symbol('small');
      const key = `k${random.below(KEYS)}`;
      if (random.chance(step < 12_000 ? 0.8 : 0.2)) {
        map = withEntry(map, key, step, edit);
        expected.set(key, step);
      } else {
        map = withoutEntry(map, key, edit);
        expected.delete(key);
      }
      if (step % 4000 !== 0) continue;
      versions.push([map, expected]);
      expected = new Map(expected);
      // now and then many changes in one piece of work, and many pieces of one change
      edit = Symbol('next');
    }
    for (const [version, entries] of versions) expectEqual(version, entries);
    expectEqual(map, expected);
    expect([...keysIn(map)].length).to.be.above(100);
    for (const key of expected.keys()) map = withoutEntry(map, key, edit);
    expect(map).to.equal(undefined);
  });
  it('copies little for a change of a large one', () => {
    const edit = Symbol('build');
    let map: PersistentMap<number>;
    for (let index = 0; index < 100_000; index++) map = withEntry(map, `student${index}`, index, edit);
    const since = performance.now();
    let changed = map;
    for (let index = 0; index < 1000; index++) {
      changed = withEntry(changed, `new${index}`, index, Symbol('change'));
      changed = withoutEntry(changed, `student${index}`, Symbol('change'));
    }
    // copying all of it takes 10 ms each time
    expect(performance.now() - since).to.be.below(2000);
    expect(lookUp(map, 'student5')).to.equal(5);
    expect(lookUp(changed, 'student5')).to.equal(undefined);
  });
});
