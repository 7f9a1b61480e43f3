import { expect } from 'chai';
import type { Counters } from '../../../src/store/backend.ts';
import { createCounterTracker } from '../../../src/store/postgres/counter-tracker.ts';

const at = (revision: number): Counters => ({ revision, credentials: 0, objects: 0 });
const bump = (value: number) => ({ name: 'revision', value }) as const;
const seen = { resync: false };

describe('the counter tracker', () => {
  it('knows its own change once it is committed, and takes another for foreign', async () => {
    const tracker = createCounterTracker(at(3));
    tracker.claim(bump(4));
    tracker.settle([bump(4)], true);
    expect(await tracker.changed(at(4), seen)).to.deep.equal([]);
    expect(await tracker.changed(at(5), seen)).to.deep.equal(['revision']);
  });

  it('waits for its own transaction when its number is seen before its end is heard', async () => {
    const tracker = createCounterTracker(at(3));
    tracker.claim(bump(4));
    const answer = tracker.changed(at(4), seen);
    tracker.settle([bump(4)], true);
    expect(await answer).to.deep.equal([]);
  });

  it('takes a number it claimed for foreign when its own transaction was rolled back', async () => {
    const tracker = createCounterTracker(at(3));
    tracker.claim(bump(4));
    const answer = tracker.changed(at(4), seen);
    tracker.settle([bump(4)], false);
    expect(await answer).to.deep.equal(['revision']);
  });

  it('does not let its own change hide a foreign one just before it', async () => {
    const tracker = createCounterTracker(at(3));
    tracker.claim(bump(5));
    tracker.settle([bump(5)], true);
    expect(await tracker.changed(at(5), seen)).to.deep.equal(['revision']);
    tracker.acknowledge(at(5), ['revision']);
    expect(await tracker.changed(at(5), seen)).to.deep.equal([]);
  });

  it('does not wait for ever for a transaction whose end is never heard', async () => {
    const tracker = createCounterTracker(at(3));
    tracker.claim(bump(4));
    expect(await tracker.changed(at(4), seen)).to.deep.equal(['revision']);
  });

  it('notices after a reconnect that the counters went back', async () => {
    const tracker = createCounterTracker(at(9));
    expect(await tracker.changed(at(8), seen)).to.deep.equal([]);
    expect(await tracker.changed(at(8), { resync: true })).to.deep.equal(['revision']);
  });
});
