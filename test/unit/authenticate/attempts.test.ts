import { expect } from 'chai';
import { addressKey, createAttempts } from '../../../src/authenticate/attempts.ts';
import type { Attempts } from '../../../src/authenticate/attempts.ts';
import { AppError } from '../../../src/core/errors.ts';
import { movableClock } from '../../support/sign-in/movable-clock.ts';

describe('createAttempts', () => {
  const failTimes = (attempts: Attempts, count: number): void => {
    for (let each = 0; each < count; each += 1) attempts.begin('a');
  };

  it('locks for five minutes after the third within two, and says how long to wait', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 3 });
    failTimes(attempts, 3);
    clock.advance(20_000);
    expect(() => attempts.begin('a'))
      .to.throw(AppError)
      .that.includes({ code: 'TOO_MANY_ATTEMPTS', detail: 'try again in 280 s' });
    expect(() => attempts.check('a')).to.throw(AppError);
    attempts.begin('b');
  });

  it('does not lock for three that are spread over more than two minutes', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 3 });
    for (let each = 0; each < 10; each += 1) {
      attempts.begin('a');
      clock.advance(60_000);
    }
    expect(attempts.locks()).to.deep.equal([]);
  });

  it('lets go once the lock is over, however often it was tried meanwhile', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 3 });
    failTimes(attempts, 3);
    clock.advance(299_999);
    expect(() => attempts.begin('a')).to.throw(AppError);
    clock.advance(1);
    failTimes(attempts, 2);
  });

  it('locks twice as long each time, an hour at most, and anew after a quiet hour', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 3 });
    const lasts = (): number => {
      failTimes(attempts, 3);
      const [lock] = attempts.locks();
      const length = (lock?.until ?? 0) - (lock?.since ?? 0);
      clock.advance(length);
      return length / 60_000;
    };
    expect([lasts(), lasts(), lasts(), lasts(), lasts(), lasts()]).to.deep.equal([5, 10, 20, 40, 60, 60]);
    clock.advance(3_600_000);
    expect(lasts()).to.equal(5);
  });

  it('lists what is locked and lifts it, with the failures and the growth', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 3 });
    failTimes(attempts, 3);
    expect(attempts.locks()).to.deep.equal([{ key: 'a', since: clock.now(), until: clock.now() + 300_000 }]);
    expect([attempts.lift('a'), attempts.lift('a'), attempts.locks()]).to.deep.equal([true, false, []]);
    clock.advance(1);
    failTimes(attempts, 3);
    expect(attempts.locks()[0]?.until).to.equal(clock.now() + 300_000);
  });

  it('forgets failures after a success', () => {
    const attempts = createAttempts({ clock: movableClock(), limit: 3 });
    for (let count = 0; count < 10; count += 1) {
      failTimes(attempts, 2);
      attempts.succeed('a');
    }
  });

  it('takes back one attempt and keeps the others', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 2 });
    attempts.begin('a');
    attempts.begin('a');
    expect(() => attempts.begin('a'), 'held off while the last is under way').to.throw(AppError);
    attempts.refund('a');
    attempts.begin('a');
    expect(() => attempts.begin('a')).to.throw(AppError);
    expect(attempts.locks()[0]?.until, 'a first lock still').to.equal(clock.now() + 300_000);
  });

  it('remembers no more keys than it may', () => {
    const attempts = createAttempts({ clock: movableClock(), limit: 1, maxKeys: 2 });
    for (const key of ['a', 'b', 'c']) attempts.begin(key);
    attempts.begin('a');
    expect(() => attempts.begin('c')).to.throw(AppError);
  });
});

describe('addressKey', () => {
  it('takes an IPv6 network for one address', () => {
    expect(addressKey('2001:db8:1:2:aaaa::1')).to.equal(addressKey('2001:db8:1:2::2'));
    expect(addressKey('2001:db8:1:3::2')).not.to.equal(addressKey('2001:db8:1:2::2'));
  });

  it('takes a mapped IPv4 address for the IPv4 address', () => {
    expect(addressKey('::ffff:192.0.2.7')).to.equal('192.0.2.7');
  });
});
