import { getHeapSpaceStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { COLLECTED, createYoungCollector } from '../../../src/core/young-collector.ts';

/** A heap that is as full as it is told to be; `survivors` is what a collection leaves. */
function heap({ survivors = 0 } = {}) {
  const told = { used: 0, collections: 0, searches: 0 };
  const collect = createYoungCollector({
    used: () => told.used,
    findCollect() {
      told.searches += 1;
      return () => {
        told.collections += 1;
        told.used = survivors;
      };
    },
  });
  return { told, collect };
}

describe('the collector of the young generation', () => {
  it('leaves the collecting to V8 until enough was allocated, and does not even look for it', () => {
    const { told, collect } = heap();
    told.used = COLLECTED - 1;
    expect(collect()).to.equal(false);
    expect(told).to.include({ collections: 0, searches: 0 });
    told.used = COLLECTED;
    expect(collect()).to.equal(true);
    expect(told).to.include({ collections: 1, searches: 1 });
  });

  it('counts from what the last collection left, so that survivors are not collected again and again', () => {
    const { told, collect } = heap({ survivors: COLLECTED });
    told.used = COLLECTED;
    expect(collect()).to.equal(true);
    told.used = 2 * COLLECTED - 1;
    expect(collect()).to.equal(false);
    told.used = 2 * COLLECTED;
    expect(collect()).to.equal(true);
  });

  it('counts from what is left when V8 has collected by itself', () => {
    const { told, collect } = heap({ survivors: COLLECTED });
    told.used = COLLECTED;
    collect();
    told.used = 100;
    expect(collect()).to.equal(false);
    told.used = COLLECTED + 100;
    expect(collect()).to.equal(true);
  });

  it('does nothing where V8 has no such function, and looks for it once', () => {
    let [used, searches] = [0, 0];
    const collect = createYoungCollector({
      used: () => (used += COLLECTED),
      findCollect() {
        searches += 1;
        return undefined;
      },
    });
    expect([collect(), collect(), collect()]).to.deep.equal([false, false, false]);
    expect(searches).to.equal(1);
  });

  it('has V8 collect, and leaves no `gc` behind for others', () => {
    const collect = createYoungCollector();
    let tries = 0;
    // V8 may collect by itself in between: then it is tried once more
    while (!collect() && tries < 10_000) {
      tries += 1;
      fill();
    }
    expect(tries).to.be.lessThan(10_000);
    expect(young()).to.be.lessThan(COLLECTED);
    expect(runInNewContext('typeof gc')).to.equal(typeof globalThis.gc);
  });
});

/** Allocates 0.2 MB that nobody holds. */
function fill(): number {
  return Array.from({ length: 5000 }, (_, index) => [index]).length;
}

function young(): number {
  return getHeapSpaceStatistics().find((each) => each.space_name === 'new_space')?.space_used_size ?? 0;
}
