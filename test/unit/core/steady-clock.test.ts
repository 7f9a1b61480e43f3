import { expect } from 'chai';
import { createSteadyClock } from '../../../src/core/steady-clock.ts';

describe('the steady clock', () => {
  function clocks() {
    const time = { wall: 1_000_000, elapsed: 500 };
    const clock = createSteadyClock({ now: () => time.wall }, () => time.elapsed);
    const pass = (milliseconds: number): void => {
      time.wall += milliseconds;
      time.elapsed += milliseconds;
    };
    return { time, clock, pass };
  }

  it('shows the time of the machine while that goes forwards', () => {
    const { time, clock, pass } = clocks();
    pass(1500);
    expect(clock.now()).to.equal(1_001_500);
    time.wall += 3_600_000;
    expect(clock.now()).to.equal(4_601_500);
  });

  it('goes on at the pace of real time when the machine is set back', () => {
    const { time, clock, pass } = clocks();
    pass(1000);
    clock.now();
    time.wall -= 3_600_000;
    expect(clock.now()).to.equal(1_001_000);
    pass(250);
    expect(clock.now()).to.equal(1_001_250);
    time.wall += 7_200_000;
    expect(clock.now()).to.equal(4_601_250);
  });

  it('loses no fraction of a millisecond however often it is read', () => {
    const { time, clock } = clocks();
    time.wall -= 1000;
    for (let index = 0; index < 1000; index++) {
      time.elapsed += 0.25;
      clock.now();
    }
    expect(clock.now()).to.equal(1_000_250);
  });
});
