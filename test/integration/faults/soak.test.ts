/** The soak in short: `npm run soak` does the same for a quarter of an hour and looks at memory too. */
import { expect } from 'chai';
import { soak } from '../../soak/soak.ts';

describe('many people at work at the same time', function () {
  this.timeout(240_000);

  it('are all served, and leave no descriptor open', async () => {
    const { descriptors, rounds, failures } = await soak({
      milliseconds: 8_000,
      people: 6,
      report: () => undefined,
    });
    expect(Object.fromEntries(failures)).to.deep.equal({});
    expect(rounds).to.be.greaterThan(6);
    expect(descriptors.after).to.be.at.most(Math.ceil(descriptors.before * 1.05));
  });
});
