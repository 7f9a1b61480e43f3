import { expect } from 'chai';
import { addressKey, createAttempts } from '../../../src/authenticate/attempts.ts';
import { AppError } from '../../../src/core/errors.ts';
import { movableClock } from '../../support/sign-in/movable-clock.ts';

describe('createAttempts', () => {
  it('refuses the fourth within the window and says how long to wait', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 3 });
    for (let count = 0; count < 3; count += 1) attempts.begin('a');
    clock.advance(20_000);
    expect(() => attempts.begin('a'))
      .to.throw(AppError)
      .that.includes({ code: 'TOO_MANY_ATTEMPTS', detail: 'try again in 100 s' });
    attempts.begin('b');
  });

  it('lets go once the window is over, however often it was tried meanwhile', () => {
    const clock = movableClock();
    const attempts = createAttempts({ clock, limit: 3 });
    for (let count = 0; count < 3; count += 1) attempts.begin('a');
    clock.advance(119_999);
    expect(() => attempts.begin('a')).to.throw(AppError);
    clock.advance(1);
    attempts.begin('a');
  });

  it('forgets failures after a success', () => {
    const attempts = createAttempts({ clock: movableClock(), limit: 3 });
    for (let count = 0; count < 10; count += 1) {
      attempts.begin('a');
      attempts.begin('a');
      attempts.succeed('a');
    }
  });

  it('takes back one attempt and keeps the others', () => {
    const attempts = createAttempts({ clock: movableClock(), limit: 2 });
    attempts.begin('a');
    attempts.begin('a');
    attempts.refund('a');
    attempts.begin('a');
    expect(() => attempts.begin('a')).to.throw(AppError);
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
