import { expect } from 'chai';
import { createRoomChanges } from '../../../src/gate/room-changes.ts';
import type { Change, RoomAnswer } from '../../../src/gate/room-changes.ts';
import { encodeYMessage } from '../../../src/inspect/y-message.ts';

const change = (kind: 'step2' | 'update', ...payload: number[]): Change => ({
  kind,
  payload: Buffer.from(payload),
});
const STEP1 = Buffer.from([0, 0, 1, 0]);
const REFUSED = {
  allowed: false,
  refused: { question: { res: 'contents', act: 'write', msg: '' }, verdict: { allowed: false } },
} as unknown as RoomAnswer;

describe('what changes a document', () => {
  let answer: RoomAnswer;
  let recorded: string[];
  beforeEach(() => {
    answer = REFUSED;
    recorded = [];
  });
  const open = () => {
    const changes = createRoomChanges({
      ask: (act) => (expect(act).to.equal('write'), Promise.resolve(answer)),
      onRefused: ({ question }) => recorded.push(question.msg),
    });
    changes.asked(STEP1);
    return changes;
  };

  it('passes as it is where it is allowed', async () => {
    answer = { allowed: true };
    const changes = open();
    for (const message of [change('step2', 1), change('update', 2), { kind: 'save', id: 3 } as const])
      expect(await changes.ruleOn(message)).to.deep.equal({
        toServer: encodeYMessage(message),
        toClient: [],
      });
    expect(recorded).to.deep.equal([]);
  });

  it('is dropped where it is not, and a save is said to have failed', async () => {
    const changes = open();
    expect(await changes.ruleOn(change('step2', 1))).to.deep.equal({ toClient: [] });
    expect(await changes.ruleOn(change('update', 2))).to.deep.equal({ toClient: [] });
    const { toServer, toClient } = await changes.ruleOn({ kind: 'save', id: 3 });
    expect(toServer).to.equal(undefined);
    expect(String(toClient[0])).to.include('"responseTo":3,"status":"failed"');
  });

  it('is written down once of each kind, but for what a page does by itself', async () => {
    const changes = open();
    await changes.ruleOn(change('step2', 1));
    await changes.ruleOn(change('update', 2));
    expect(recorded).to.deep.equal([]);
    for (let times = 0; times < 3; times += 1) {
      await changes.ruleOn(change('update', 2));
      await changes.ruleOn({ kind: 'save', id: 3 });
    }
    expect(recorded).to.deep.equal(['update', 'save']);
  });

  it('is asked for again as a whole when it is allowed after some was dropped', async () => {
    const changes = open();
    await changes.ruleOn(change('update', 2));
    answer = { allowed: true };
    expect(await changes.ruleOn(change('update', 3))).to.deep.equal({ toClient: [STEP1] });
    expect((await changes.ruleOn(change('step2', 2, 3))).toServer).to.deep.equal(
      Buffer.from([0, 1, 2, 2, 3]),
    );
    expect((await changes.ruleOn(change('update', 4))).toServer).to.deep.equal(Buffer.from([0, 2, 1, 4]));
  });
});
