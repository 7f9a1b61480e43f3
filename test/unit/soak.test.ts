import { expect } from 'chai';
import { growth } from '../soak/flat.ts';

describe('the growth that the soak looks for', () => {
  const series = (value: (index: number) => number): number[] =>
    Array.from({ length: 90 }, (_, i) => value(i));

  it('is none where memory goes up and down, and none of warming up', () => {
    expect(growth(series((index) => 100 + (index % 7)))).to.be.within(-0.01, 0.01);
    expect(growth(series((index) => (index < 30 ? index : 100)))).to.equal(0);
  });

  it('is seen where memory rises all the time', () => {
    expect(growth(series((index) => 100 + index / 2))).to.be.greaterThan(0.05);
  });
});
