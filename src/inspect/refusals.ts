/**
 * The answers to a message that is not passed on, such that every frontend comes to rest: a refused cell shows a sentence
 * and goes back to `[ ]`. Without the closing `idle` it would stay at `[*]`, without the `error` it would stay silent.
 */
import { randomUUID } from 'node:crypto';
import type { JsonObject, KernelMessage } from './kernel-message.ts';

export interface RefusalContext {
  /** The sentence for the person. */
  readonly why: string;
  /** Where they may ask for it. */
  readonly ask?: string | undefined;
  /** `header.session` of what the kernel said last: frontends drop what they have in hand when it changes. */
  readonly session: string;
}

const PROTOCOL_VERSION = '5.3';
const NAME = 'PermissionDenied';
/** A reply's name is made from a request's only when it looks like one. */
const REQUEST = /^([a-z][a-z_]{0,60})_request$/;

type ReplyContent = (content: JsonObject, failure: JsonObject) => JsonObject;

/** Replies that say "nothing there" where a frontend would take an error badly. */
const EMPTY: Readonly<Record<string, ReplyContent>> = {
  execute_request: (_content, failure) => ({
    ...failure,
    execution_count: null,
    user_expressions: {},
    payload: [],
  }),
  complete_request: ({ cursor_pos }) => {
    const at = typeof cursor_pos === 'number' ? cursor_pos : 0;
    return { status: 'ok', matches: [], cursor_start: at, cursor_end: at, metadata: {} };
  },
  inspect_request: () => ({ status: 'ok', found: false, data: {}, metadata: {} }),
  history_request: () => ({ status: 'ok', history: [] }),
  is_complete_request: () => ({ status: 'unknown' }),
  comm_info_request: () => ({ status: 'ok', comms: {} }),
  debug_request: ({ seq, command }, failure) => ({
    type: 'response',
    seq: typeof seq === 'number' ? seq : 0,
    request_seq: typeof seq === 'number' ? seq : 0,
    success: false,
    command: typeof command === 'string' ? command : '',
    message: failure['evalue'],
  }),
};

/** What the client is sent in place of the kernel's answer, in this order; nothing for what is never answered. */
export function refusalOf(
  request: KernelMessage,
  { why, ask, session }: RefusalContext,
): readonly KernelMessage[] {
  const type = request.header.msg_type;
  if (type === 'input_reply') return [];
  const say = (channel: string, answer: string, content: JsonObject): KernelMessage => ({
    channel,
    header: {
      msg_id: randomUUID(),
      msg_type: answer,
      session,
      username: 'jupyter-gate',
      version: PROTOCOL_VERSION,
      date: new Date().toISOString(),
    },
    parentHeader: request.header,
    metadata: {},
    content,
    buffers: [],
  });
  // A line of its own, and nothing behind it: frontends make a link of it up to the next space.
  const traceback = [`${NAME}: ${why}`, ...(ask === undefined ? [] : [`Ask for it at ${ask}`])];
  const error = { ename: NAME, evalue: why, traceback };
  const reply = REQUEST.exec(type);
  const made = Object.hasOwn(EMPTY, type) ? EMPTY[type] : undefined;
  const failure = { status: 'error', ...error };
  return [
    say('iopub', 'status', { execution_state: 'busy' }),
    ...(type === 'execute_request' ? [say('iopub', 'error', error)] : []),
    ...(reply === null
      ? []
      : [say(request.channel, `${reply[1]}_reply`, made?.(request.content, failure) ?? failure)]),
    ...(type === 'comm_open' ? [say('iopub', 'comm_close', commClose(request.content))] : []),
    say('iopub', 'status', { execution_state: 'idle' }),
  ];
}

function commClose({ comm_id }: JsonObject): JsonObject {
  return { comm_id: typeof comm_id === 'string' ? comm_id : '', data: {} };
}
