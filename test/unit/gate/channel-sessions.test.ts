/** Whose a `session_id` is: refused to others while it is remembered, and of no use to them ever. */
import { expect } from 'chai';
import { createChannelSessions } from '../../../src/gate/channel-sessions.ts';

const SECRET = Buffer.from('secret');
const use = { kernel: 'k', sessionId: 's', subject: 'ada' };

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'BOUND';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the session_id of a channel socket', () => {
  it('stays the same for one person, after a restart too', () => {
    const sessions = createChannelSessions(SECRET);
    const first = sessions.bind(use);
    expect(first).to.match(/^[\da-f]{32}$/);
    expect(sessions.bind(use)).to.equal(first);
    expect(createChannelSessions(SECRET).bind(use)).to.equal(first);
  });

  it('is refused to somebody else on the same kernel, and free on another', () => {
    const sessions = createChannelSessions(SECRET);
    sessions.bind(use);
    expect(codeOf(() => sessions.bind({ ...use, subject: 'eve' }))).to.equal('SESSION_ID_TAKEN');
    expect(codeOf(() => sessions.bind({ ...use, subject: 'eve', kernel: 'other' }))).to.equal('BOUND');
  });

  it('never meets that of another person, kernel or gate, though nobody remembers who had it', () => {
    const uses = [use, { ...use, subject: 'eve' }, { ...use, kernel: 'k s' }, { ...use, sessionId: 't' }];
    const ids = uses.map((each) => createChannelSessions(SECRET).bind(each));
    expect(new Set([...ids, createChannelSessions(Buffer.from('other')).bind(use)]).size).to.equal(5);
  });

  it('cannot be reached by naming what somebody else was given', () => {
    const sessions = createChannelSessions(SECRET);
    const theirs = sessions.bind(use);
    expect(sessions.bind({ ...use, subject: 'eve', sessionId: theirs })).not.to.equal(theirs);
  });

  it('is forgotten in favour of newer ones, so that the memory has an end', () => {
    const sessions = createChannelSessions(SECRET);
    sessions.bind(use);
    for (let index = 0; index < 20_000; index++) sessions.bind({ ...use, sessionId: String(index) });
    expect(codeOf(() => sessions.bind({ ...use, subject: 'eve' }))).to.equal('BOUND');
  });
});
