/** The browsers of the socket rows: open kernel sockets, send messages one after the other, notice when they are closed. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { V1_PROTOCOL, v1Framing } from '../../src/inspect/v1-framing.ts';
import { pause } from '../support/process-figures.ts';
import { work } from './work.ts';

export interface SocketsCommand {
  readonly port: number;
  readonly sockets: readonly { readonly kernel: string; readonly token: string; readonly group: string }[];
}

export interface TalkCommand {
  /** On all sockets together. */
  readonly messages: number;
}

export interface ClosedReport {
  /** Monotonic milliseconds of this machine at which the last socket of the group was closed. */
  readonly lastClosedAt: number;
  readonly closed: number;
  readonly codes: readonly number[];
  /** Sockets of the other groups that were closed meanwhile or did not answer. */
  readonly disturbed: number;
}

interface Open {
  readonly group: string;
  readonly socket: WebSocket;
  closedAt: number | undefined;
  code: number | undefined;
}

const TIMEOUT = 30_000;
/** How many handshakes are under way at once. */
const PARALLEL = 64;
/** 300 bytes of a request that any kernel answers and that reading allows. */
const MESSAGE = v1Framing.encode({
  channel: 'shell',
  header: {
    msg_id: randomUUID(),
    msg_type: 'kernel_info_request',
    session: randomUUID(),
    username: '',
    version: '5.2',
  },
  parentHeader: {},
  metadata: {},
  content: { padding: 'x'.repeat(57) },
  buffers: [],
}) as Buffer;

let open: Open[] = [];

await work(async () => ({
  ready: { bytes: MESSAGE.length },
  commands: { talk, openAll, whenClosed, closeAll },
}));

/** Sends on all open sockets at once, on each the next message when the last has come back. */
async function talk({ messages }: TalkCommand): Promise<void> {
  const each = Math.ceil(messages / open.length);
  await Promise.all(
    open.map(async ({ socket }) => {
      for (let sent = 0; sent < each; sent += 1) await echoed(socket);
    }),
  );
}

async function echoed(socket: WebSocket, signal?: AbortSignal): Promise<void> {
  const heard = once(socket, 'message', { signal });
  socket.send(MESSAGE);
  await heard;
}

async function openAll({ port, sockets }: SocketsCommand): Promise<number> {
  const waiting = [...sockets];
  const openSome = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { kernel, token, group } = next;
      const headers = { authorization: `Bearer ${token}` };
      const socket = new WebSocket(`ws://127.0.0.1:${port}/api/kernels/${kernel}/channels`, [V1_PROTOCOL], {
        perMessageDeflate: false,
        headers,
      });
      await once(socket, 'open');
      const one: Open = { group, socket, closedAt: undefined, code: undefined };
      socket.on('error', () => undefined);
      socket.once('close', (code) => {
        one.closedAt = now();
        one.code = code;
      });
      open.push(one);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, openSome));
  return open.length;
}

/** Waits until all sockets of a group are closed, then sees whether the others still answer. */
async function whenClosed({ group }: { readonly group: string }): Promise<ClosedReport> {
  const mine = open.filter((each) => each.group === group);
  const others = open.filter((each) => each.group !== group);
  const end = now() + TIMEOUT;
  while (mine.some(({ closedAt }) => closedAt === undefined) && now() < end) await pause(5);
  const answers = await Promise.all(others.map(({ socket }) => stillAnswers(socket)));
  const closed = mine.filter(({ closedAt }) => closedAt !== undefined);
  open = others;
  return {
    lastClosedAt: Math.max(...closed.map(({ closedAt }) => closedAt ?? 0)),
    closed: closed.length,
    codes: [...new Set(closed.map(({ code }) => code ?? 0))],
    disturbed: answers.filter((answer) => !answer).length,
  };
}

async function stillAnswers(socket: WebSocket): Promise<boolean> {
  if (socket.readyState !== WebSocket.OPEN) return false;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  socket.once('close', onClose);
  return echoed(socket, gone.signal)
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.off('close', onClose));
}

async function closeAll(): Promise<void> {
  const left = open.filter(({ socket }) => socket.readyState !== WebSocket.CLOSED);
  open = [];
  await Promise.all(
    left.map(async ({ socket }) => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    }),
  );
}

/** The same clock in every process of the machine. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
