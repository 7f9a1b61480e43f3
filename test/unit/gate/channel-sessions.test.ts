/** Whose a `session_id` is: refused to others, and of no use to them even when that was forgotten. */
import { expect } from 'chai';
import type { ChannelUsers } from '../../../src/core/objects.ts';
import { createChannelSessions } from '../../../src/gate/channel-sessions.ts';
import type { ChannelSessions } from '../../../src/gate/channel-sessions.ts';
import { openStage } from '../../support/presenting.ts';
import type { Stage } from '../../support/presenting.ts';

const SECRET = Buffer.from('secret');
const use = { kernel: 'k', sessionId: 's', subject: 'ada' };
/** Forgets everything at once. */
const forgetful: ChannelUsers = { claim: ({ subject }) => Promise.resolve(subject) };

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'BOUND',
    (error: { code: string }) => error.code,
  );
}

describe('the session_id of a channel socket', () => {
  let stage: Stage;
  let sessions: ChannelSessions;
  beforeEach(async () => {
    stage = await openStage();
    sessions = createChannelSessions(stage.store.channelUsers, SECRET);
  });
  afterEach(() => stage.close());

  it('stays the same for one person, after a restart too', async () => {
    const first = await sessions.bind(use);
    expect(first).to.match(/^[\da-f]{32}$/);
    expect(await sessions.bind(use)).to.equal(first);
    expect(await createChannelSessions(forgetful, SECRET).bind(use)).to.equal(first);
  });

  it('is refused to somebody else on the same kernel, and free on another', async () => {
    await sessions.bind(use);
    expect(await codeOf(sessions.bind({ ...use, subject: 'eve' }))).to.equal('SESSION_ID_TAKEN');
    expect(await codeOf(sessions.bind({ ...use, subject: 'eve', kernel: 'other' }))).to.equal('BOUND');
  });

  it('never meets that of another person, kernel or gate, though nobody remembers who had it', async () => {
    const uses = [use, { ...use, subject: 'eve' }, { ...use, kernel: 'k s' }, { ...use, sessionId: 't' }];
    const gates = [...uses.map((each) => [SECRET, each] as const), [Buffer.from('other'), use] as const];
    const ids = await Promise.all(
      gates.map(([secret, each]) => createChannelSessions(forgetful, secret).bind(each)),
    );
    expect(new Set(ids).size).to.equal(5);
  });

  it('cannot be reached by naming what somebody else was given', async () => {
    const theirs = await sessions.bind(use);
    expect(await sessions.bind({ ...use, subject: 'eve', sessionId: theirs })).not.to.equal(theirs);
  });
});
