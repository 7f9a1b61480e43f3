import { expect } from 'chai';
import { createTurns, nextTurn, TURN } from '../../../src/core/next-turn.ts';

describe('a turn of the event loop', () => {
  it('ends, so that what waits runs', async () => {
    let hasRun = false;
    setImmediate(() => {
      hasRun = true;
    });
    await nextTurn();
    expect(hasRun).to.equal(true);
  });

  it('ends between two pieces of work once it has been long enough, and not before', async () => {
    let others = 0;
    const timer = setInterval(() => {
      others += 1;
    });
    const turns = createTurns();
    for (let piece = 0; piece < 1000; piece += 1) await turns();
    const whileShort = others;
    for (let piece = 0; piece < 10; piece += 1) {
      work(TURN + 0.5);
      await turns();
    }
    clearInterval(timer);
    expect(others - whileShort).to.be.greaterThan(5);
    expect(whileShort).to.be.lessThan(5);
  });
});

function work(milliseconds: number): void {
  const since = performance.now();
  while (performance.now() - since < milliseconds);
}
