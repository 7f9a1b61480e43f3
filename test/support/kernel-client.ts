/** Clients of a kernel's channels, in both framings, as the tests need them: they say what they are told and keep what they hear. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Frame, JsonObject, KernelMessage } from '../../src/inspect/kernel-message.ts';
import { legacyFraming } from '../../src/inspect/legacy-framing.ts';
import { V1_PROTOCOL, v1Framing } from '../../src/inspect/v1-framing.ts';

export interface KernelClientOptions {
  readonly url: string;
  readonly token: string;
  readonly kernel: string;
  readonly framing?: 'v1' | 'legacy';
  readonly sessionId?: string;
}

export interface KernelClient {
  readonly socket: WebSocket;
  readonly heard: KernelMessage[];
  /** Sends a message and gives its id. */
  say(channel: string, type: string, content?: JsonObject): string;
  send(frame: Frame): void;
  /** What was heard in answer to the message `id` until the kernel was idle again, as `channel type`. */
  answer(id: string): Promise<KernelMessage[]>;
  /** The first message heard, past or future, that `test` likes. */
  hear(test: (message: KernelMessage) => boolean, what?: string): Promise<KernelMessage>;
  /** Runs code and gives what it printed, or the name and text of its error. */
  run(code: string): Promise<string>;
  close(): Promise<void>;
}

const PATIENCE = 30_000;

/** Resolves when the socket is open; rejects with the status of a refusal. */
export async function connectKernel(options: KernelClientOptions): Promise<KernelClient> {
  const { url, token, kernel, framing: name = 'v1', sessionId = randomUUID() } = options;
  const framing = name === 'v1' ? v1Framing : legacyFraming;
  const socket = new WebSocket(
    `${url.replace('http', 'ws')}/api/kernels/${kernel}/channels?session_id=${sessionId}`,
    name === 'v1' ? [V1_PROTOCOL] : [],
    { headers: { authorization: `Bearer ${token}` } },
  );
  const heard: KernelMessage[] = [];
  const listeners = new Set<() => void>();
  socket.on('message', (data: Buffer, isBinary) => {
    heard.push(framing.decode(isBinary ? data : data.toString()));
    for (const listener of listeners) listener();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_sent, { statusCode }) => reject(new Error(`status ${statusCode}`)));
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);

  const until = <T>(find: () => T | undefined, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        listeners.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        listeners.delete(look);
        const types = heard.map((message) => `${message.channel} ${message.header.msg_type}`);
        reject(new Error(`never heard ${what}, only ${types.slice(-20).join(', ')}`));
      }, PATIENCE);
      listeners.add(look);
      look();
    });

  const client: KernelClient = {
    socket,
    heard,
    send: (frame) => socket.send(frame),
    say(channel, type, content = {}) {
      const header = headerOf(type, sessionId);
      socket.send(framing.encode({ channel, header, parentHeader: {}, metadata: {}, content, buffers: [] }));
      return header.msg_id;
    },
    answer: (id) =>
      until(() => {
        const all = heard.filter((message) => message.parentHeader['msg_id'] === id);
        const isIdle = all.some(({ content }) => content['execution_state'] === 'idle');
        const isReplied = all.some(({ header }) => header.msg_type.endsWith('_reply'));
        return isIdle && isReplied ? all : undefined;
      }, `the answer to ${id}`),
    hear: (test, what = 'that') => until(() => heard.find(test), what),
    async run(code) {
      const all = await client.answer(client.say('shell', 'execute_request', executeContent(code)));
      return all.map(({ content }) => textOf(content['text'] ?? content['evalue'])).join('');
    },
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  };
  return client;
}

/** As JupyterLab fills it in. */
export function executeContent(code: string): JsonObject {
  return {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: true,
    stop_on_error: true,
  };
}

export function headerOf(type: string, session: string): KernelMessage['header'] {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'tester',
    version: '5.2',
    date: new Date().toISOString(),
  };
}

/** `channel type` of each. */
export function namesOf(messages: readonly KernelMessage[]): string[] {
  return messages.map(({ channel, header }) => `${channel} ${header.msg_type}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
