import { expect } from 'chai';
import { compareDoors } from './agreement.ts';
import type { Agreement } from './agreement.ts';
import { currentServer, olderServer } from './servers.ts';
import type { Server } from './stage.ts';

/** Generated requests beside those written by hand. */
const COUNT = 600;
const SEED = 1;
/** All go through the gate; past it one of so many of the hostile ones, which take a server longer than the gate's refusal. */
const PAST_EACH = 3;

function agree(title: string, server: () => Promise<Server | string>): void {
  describe(title, function () {
    this.timeout(1_500_000);
    let found: Agreement;

    before(async function () {
      const given = await server();
      if (typeof given === 'string') {
        this.test!.parent!.title += ` (not run: ${given})`;
        this.skip();
      }
      found = await compareDoors(given, { count: COUNT, seed: SEED, pastEach: PAST_EACH });
    });

    it('gives out no canary, changes nothing outside and opens nothing of somebody else, whatever is sent', () => {
      expect(found.holes).to.deep.equal([]);
      expect(found.requests).to.be.at.least(2_000);
      expect(found.trusted.gate).to.deep.equal([[false], [false], [false]]);
    });

    it('would give them out if the same requests went past the gate', () => {
      // What all of them come to, and the share of it that a sample must.
      const atLeast = { caught: 1000, disguised: 500, leak: 25, change: 80, copy: 8, object: 5 };
      const { caught, disguised, reached } = found;
      for (const [name, count] of Object.entries({ caught, disguised, ...reached }))
        if (name in atLeast)
          expect(count, name).to.be.above(atLeast[name as keyof typeof atLeast] / PAST_EACH);
      expect(found.reached.socket).to.be.at.least(1);
      expect(found.trusted.past).to.deep.equal([[true], [false], [true]]);
    });

    it('refuses nothing that a frontend asks for within reach', () => {
      expect(found.ordinaryRefused).to.deep.equal([]);
    });

    it('refuses few harmless requests for their form alone', function () {
      const { harmless, refused } = found;
      const all = Object.values(refused).reduce((sum, count) => sum + count, 0);
      this.test!.title += `: ${all} of ${harmless} harmless refused`;
      expect(all / harmless, JSON.stringify(refused)).to.be.below(0.5);
    });
  });
}

agree('the gate before the pinned Jupyter Server', async () => currentServer());
agree('the gate before a Jupyter Server 1.x', olderServer);
