/** One kernel socket looked into: what is ruled on, what is answered, and what never reaches the ruling. */
import { expect } from 'chai';
import { createInspector } from '../../../src/inspect/inspector.ts';
import type { Outcome, RuleOn } from '../../../src/inspect/inspector.ts';
import type { Frame, KernelMessage } from '../../../src/inspect/kernel-message.ts';
import { legacyFraming } from '../../../src/inspect/legacy-framing.ts';
import { classOf, MESSAGES } from '../../../src/inspect/message-class.ts';
import { refusalOf } from '../../../src/inspect/refusals.ts';
import { V1_PROTOCOL, v1Framing } from '../../../src/inspect/v1-framing.ts';
import { executeContent, headerOf, namesOf } from '../../support/kernel-client.ts';

const refuse: RuleOn = () => ({ why: 'no' });
const pass: RuleOn = (asked) => ({ pass: asked });

function message(channel: string, type: string, content: object = {}): KernelMessage {
  return {
    channel,
    header: headerOf(type, 'client'),
    parentHeader: {},
    metadata: {},
    content: content as KernelMessage['content'],
    buffers: [],
  };
}

function answers(outcome: Outcome | Promise<Outcome>): KernelMessage[] {
  return (outcome as Outcome).toClient.map((frame) => v1Framing.decode(frame));
}

describe('the class of a message', () => {
  const cases: [string, string, string][] = [
    ['shell', 'kernel_info_request', 'read'],
    ['control', 'kernel_info_request', 'read'],
    ['control', 'usage_request', 'read'],
    ['shell', 'history_request', 'private'],
    ['shell', 'connect_request', 'refused'],
    ['shell', 'execute_request', 'execute'],
    ['control', 'execute_request', 'unknown'],
    ['stdin', 'execute_request', 'unknown'],
    ['stdin', 'kernel_info_request', 'unknown'],
    ['stdin', 'input_reply', 'execute'],
    ['shell', 'input_reply', 'unknown'],
    ['shell', 'Execute_request', 'unknown'],
    ['shell', 'kernel_info_request ', 'unknown'],
    ['shell', 'kernel_info_request\0', 'unknown'],
    ['shell', 'constructor', 'unknown'],
    ['shell', '', 'unknown'],
    ['iopub', 'execute_request', 'dropped'],
    ['Shell', 'execute_request', 'dropped'],
    ['', 'execute_request', 'dropped'],
  ];
  for (const [channel, type, expected] of cases) {
    it(`is ${expected} for ${JSON.stringify(type)} on ${JSON.stringify(channel)}`, () => {
      expect(classOf({ channel, type })).to.equal(expected);
    });
  }

  it('is given to each type once', () => {
    expect(new Set(MESSAGES.map(({ type }) => type)).size).to.equal(MESSAGES.length);
  });
});

describe('a refusal', () => {
  const refusal = (channel: string, type: string, content: object = {}): readonly KernelMessage[] =>
    refusalOf(message(channel, type, content), { why: 'no', session: 'kernel' });
  const replyTo = (channel: string, type: string, content: object = {}): unknown =>
    refusal(channel, type, content).find(({ header }) => header.msg_type.endsWith('_reply'))?.content;

  it('of code is busy, error, reply and idle, each with an id of its own and the header it answers', () => {
    const asked = message('shell', 'execute_request', executeContent('1'));
    const sent = refusalOf(asked, { why: 'no', session: 'kernel' });
    expect(namesOf(sent)).to.deep.equal([
      'iopub status',
      'iopub error',
      'shell execute_reply',
      'iopub status',
    ]);
    expect(sent.every(({ parentHeader }) => parentHeader === asked.header)).to.equal(true);
    expect(new Set(sent.map(({ header }) => header.msg_id)).size).to.equal(4);
    for (const { header } of sent) {
      expect(header).to.include({ session: 'kernel', version: '5.3' });
      for (const name of ['username', 'date', 'msg_type'])
        expect(header[name]).to.be.a('string').and.not.equal('');
    }
    const error = { ename: 'PermissionDenied', evalue: 'no', traceback: ['PermissionDenied: no'] };
    expect(sent[1]?.content).to.deep.equal(error);
    expect(sent[2]?.content).to.deep.equal({
      status: 'error',
      execution_count: null,
      user_expressions: {},
      payload: [],
      ...error,
    });
  });

  it('of code ends with the place to ask at on a line of its own, with nothing behind it', () => {
    const asked = message('shell', 'execute_request', executeContent('1'));
    const ask = 'http://localhost:8000/gate/ask?act=execute';
    const sent = refusalOf(asked, { why: 'no.', ask, session: 'kernel' });
    const traceback = ['PermissionDenied: no.', `Ask for it at ${ask}`];
    for (const { content } of sent.slice(1, 3)) expect(content).to.deep.include({ evalue: 'no.', traceback });
  });

  it('says "nothing there" where an error would be in the way', () => {
    expect(replyTo('shell', 'complete_request', { code: 'x.', cursor_pos: 2 })).to.deep.equal({
      status: 'ok',
      matches: [],
      cursor_start: 2,
      cursor_end: 2,
      metadata: {},
    });
    expect(replyTo('shell', 'inspect_request')).to.deep.equal({
      status: 'ok',
      found: false,
      data: {},
      metadata: {},
    });
    expect(replyTo('shell', 'history_request')).to.deep.equal({ status: 'ok', history: [] });
    expect(replyTo('shell', 'is_complete_request')).to.deep.equal({ status: 'unknown' });
    expect(replyTo('shell', 'comm_info_request')).to.deep.equal({ status: 'ok', comms: {} });
    expect(replyTo('control', 'debug_request', { seq: 3, command: 'attach' })).to.deep.equal({
      type: 'response',
      seq: 3,
      request_seq: 3,
      success: false,
      command: 'attach',
      message: 'no',
    });
    expect(replyTo('control', 'shutdown_request')).to.include({ status: 'error', evalue: 'no' });
  });

  it('goes out on the channel that asked, closes a comm, and leaves unanswered what is never answered', () => {
    expect(namesOf(refusal('control', 'shutdown_request'))).to.deep.equal([
      'iopub status',
      'control shutdown_reply',
      'iopub status',
    ]);
    expect(namesOf(refusal('shell', 'comm_open', { comm_id: 'c' }))).to.deep.equal([
      'iopub status',
      'iopub comm_close',
      'iopub status',
    ]);
    expect(namesOf(refusal('shell', 'comm_msg'))).to.deep.equal(['iopub status', 'iopub status']);
    expect(refusal('stdin', 'input_reply')).to.deep.equal([]);
  });

  it('makes no reply from a type that is no request', () => {
    for (const type of ['Execute_Request', '', '__proto__', 'constructor', '_request', 'a b_request'])
      expect(namesOf(refusal('shell', type)), type).to.deep.equal(['iopub status', 'iopub status']);
  });
});

describe('an inspector', () => {
  it('passes on what it read, with its buffers, and nothing else', () => {
    const asked = { ...message('shell', 'comm_msg', { data: 1 }), buffers: [Buffer.from('b')] };
    const outcome = createInspector(V1_PROTOCOL, pass).inspect(v1Framing.encode(asked)) as Outcome;
    expect(outcome.toClient).to.deep.equal([]);
    expect(v1Framing.decode(outcome.toServer as Frame)).to.deep.equal(asked);
  });

  it('never asks about what it drops', () => {
    const inspector = createInspector(V1_PROTOCOL, () => {
      throw new Error('asked');
    });
    for (const channel of ['iopub', 'other'])
      expect(inspector.inspect(v1Framing.encode(message(channel, 'x')))).to.deep.equal({ toClient: [] });
  });

  it('answers in the session of what the kernel said last, and in one of its own before', () => {
    const inspector = createInspector(V1_PROTOCOL, refuse);
    const asked = v1Framing.encode(message('shell', 'execute_request'));
    const sessions = (): unknown[] => [
      ...new Set(answers(inspector.inspect(asked)).map(({ header }) => header['session'])),
    ];
    const own = sessions();
    expect(own).to.have.length(1);
    for (const session of ['first', 'restarted']) {
      const said = message('iopub', 'status');
      inspector.heard(v1Framing.encode({ ...said, header: headerOf('status', session) }));
      inspector.heard(Buffer.alloc(100_000));
      expect(sessions()).to.deep.equal([session]);
    }
    inspector.heard(Buffer.alloc(40, 255));
    expect(sessions()).to.deep.equal(own);
  });

  it('waits for a ruling that takes a while', async () => {
    const inspector = createInspector('', async (asked) => ({
      pass: { ...asked, content: { narrowed: true } },
    }));
    const outcome = await inspector.inspect(legacyFraming.encode(message('shell', 'execute_request')));
    expect(legacyFraming.decode(outcome.toServer as Frame).content).to.deep.equal({ narrowed: true });
  });
});
