import { expect } from 'chai';
import type { Identity } from '../../../src/core/identity.ts';
import { ownPresences } from '../../../src/gate/own-presence.ts';
import { createSeats } from '../../../src/gate/seats.ts';

const ANNA: Identity = {
  subject: 'anna',
  displayName: 'Anna Lang',
  credential: 'session',
  roles: null,
  credentialId: null,
  ambient: true,
  xsrf: null,
  expiresAt: null,
};

describe('a seat in a room', () => {
  it('goes to the first who speaks for a client, until they leave', () => {
    const seats = createSeats();
    const [anna, bert] = [seats.join('r', 'anna'), seats.join('r', 'bert')];
    expect(anna.take(1)).to.equal(true);
    expect(bert.take(1)).to.equal(false);
    expect(bert.take(2)).to.equal(true);
    expect(seats.join('other', 'bert').take(1), 'in another room').to.equal(true);
    anna.leave();
    expect(bert.take(1)).to.equal(true);
  });

  it('is kept by a page that connects again before it is known to have gone', () => {
    const seats = createSeats();
    const [before, again] = [seats.join('r', 'anna'), seats.join('r', 'anna')];
    expect([before.take(1), again.take(1)]).to.deep.equal([true, true]);
    before.leave();
    expect(seats.join('r', 'bert').take(1)).to.equal(false);
    expect(again.take(1)).to.equal(true);
  });

  it('is not there for a client the server spoke of first: its page is at another gate', () => {
    const seat = createSeats().join('r', 'anna');
    seat.heard(7);
    expect(seat.take(7)).to.equal(false);
    expect(seat.take(8)).to.equal(true);
    seat.heard(8);
    expect(seat.take(8), 'an echo of its own').to.equal(true);
  });

  it('is for a page, not for a crowd', () => {
    const seat = createSeats().join('r', 'anna');
    const taken = Array.from({ length: 100 }, (_none, client) => seat.take(client)).filter(Boolean);
    expect(taken).to.have.length(16);
  });
});

describe('what somebody says of themselves in a room', () => {
  const speak = (state: Record<string, unknown> | null, mayChange = false) =>
    ownPresences([{ client: 1, clock: 3, state }], {
      seat: createSeats().join('r', 'anna'),
      identity: ANNA,
      mayChange,
    });
  const known = { username: 'anna', name: 'Anna Lang', display_name: 'Anna Lang', initials: 'AL' };

  it('carries the name the gate knows, whatever it claims', () => {
    const claimed = {
      username: 'admin',
      name: 'Admin',
      display_name: 'Admin',
      avatar_url: 'https://x/y',
      extra: 1,
    };
    const [said] = speak({ user: { ...claimed, color: 'var(--jp-collaborator-color3)' }, cursors: [1] });
    expect(said?.state).to.deep.equal({
      user: { ...known, avatar_url: null, color: 'var(--jp-collaborator-color3)' },
      cursors: [1],
      autosave: false,
    });
    for (const user of ['Admin', null, [], { color: 'red;background:url(x)' }, { color: 7 }])
      expect(speak({ user })[0]?.state?.['user'], JSON.stringify(user)).to.deep.equal({
        ...known,
        avatar_url: null,
        color: null,
      });
  });

  it('has the server save by itself only for who may write', () => {
    expect(speak({ autosave: true })[0]?.state).to.deep.equal({ autosave: false });
    expect(speak({})[0]?.state).to.deep.equal({ autosave: false });
    expect(speak({ autosave: true }, true)[0]?.state).to.deep.equal({ autosave: true });
    expect(speak({}, true)[0]?.state).to.deep.equal({});
    expect(speak(null)[0]?.state).to.equal(null);
  });

  it('says nothing for others', () => {
    const seat = createSeats().join('r', 'anna');
    seat.heard(2);
    const said = ownPresences(
      [
        { client: 1, clock: 1, state: {} },
        { client: 2, clock: 99, state: null },
      ],
      { seat, identity: ANNA, mayChange: true },
    );
    expect(said.map(({ client }) => client)).to.deep.equal([1]);
  });
});
