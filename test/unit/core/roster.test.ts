import { expect } from 'chai';
import * as fc from 'fast-check';
import { NOWHERE, Roster } from '../../../src/core/roster.ts';
import type { Placed } from '../../../src/core/roster.ts';

const ITEMS = 12;

describe('a roster', () => {
  it('holds what a set would hold, whoever enters and leaves in whatever order', () => {
    const steps = fc.array(fc.record({ enters: fc.boolean(), which: fc.nat(ITEMS - 1) }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (taken) => {
        const items: Placed[] = Array.from({ length: ITEMS }, () => ({ place: NOWHERE }));
        const roster = new Roster();
        const set = new Set<Placed>();
        for (const { enters, which } of taken) {
          const item = items[which]!;
          if (enters) {
            roster.enter(item);
            set.add(item);
          } else {
            expect(roster.leave(item)).to.equal(set.delete(item));
          }
          expect(roster.size).to.equal(set.size);
          expect(items.map((each) => roster.has(each))).to.deep.equal(items.map((each) => set.has(each)));
        }
        expect(roster.all()).to.have.members([...set]);
      }),
    );
  });

  it('passes over none when those that are gone through leave on the way', () => {
    const roster = new Roster();
    const items: Placed[] = Array.from({ length: 5 }, () => ({ place: NOWHERE }));
    for (const item of items) roster.enter(item);
    const seen: Placed[] = [];
    for (const item of roster.all()) {
      roster.leave(item);
      seen.push(item);
    }
    expect(seen).to.have.members(items);
    expect(roster.size).to.equal(0);
  });
});
