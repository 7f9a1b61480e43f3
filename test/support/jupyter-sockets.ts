/** Sockets of kernels and terminals as Jupyter's clients use them, for finding out what really runs. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { deserialize, serialize } from '@jupyterlab/services/lib/kernel/serialize.js';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';

/** How long a kernel may take on a machine with other work, ms. */
const PATIENCE = 60_000;
export const V1 = 'v1.kernel.websocket.jupyter.org';

interface Message {
  readonly channel: string;
  readonly header: { readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: { readonly text?: string; readonly execution_state?: string; readonly evalue?: string };
}

export interface Socket {
  readonly ws: WebSocket;
  close(): Promise<void>;
}

/** Opens `path` below the gate's origin with a token; rejects with the status of a refused handshake. */
export async function openSocket(
  url: string,
  path: string,
  options: {
    readonly token?: string | undefined;
    readonly protocol?: string | undefined;
    /** Told from the first message on, which may come with the handshake. */
    readonly onMessage?: (data: Buffer) => void;
  },
): Promise<Socket> {
  const { token, protocol, onMessage } = options;
  const ws = new WebSocket(url.replace('http', 'ws') + path, protocol === undefined ? [] : [protocol], {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  if (onMessage !== undefined) ws.on('message', onMessage);
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('unexpected-response', (_request, { statusCode }) => reject(new Error(`status ${statusCode}`)));
    ws.once('error', reject);
  });
  ws.on('error', () => undefined);
  return {
    ws,
    async close() {
      if (ws.readyState === WebSocket.CLOSED) return;
      ws.close();
      await once(ws, 'close');
    },
  };
}

/** The status of a handshake: 101, or that of the refusal. */
export async function handshake(url: string, path: string, token?: string): Promise<number> {
  try {
    await (await openSocket(url, path, { token })).close();
    return 101;
  } catch (error) {
    return Number(/^status (\d+)$/.exec((error as Error).message)?.[1] ?? 0);
  }
}

/** Runs `code` and gives what it printed, once the kernel is idle again. */
export async function execute({ ws }: Socket, code: string): Promise<string> {
  const protocol = ws.protocol;
  const id = randomUUID();
  const header = {
    msg_id: id,
    msg_type: 'execute_request',
    session: randomUUID(),
    username: '',
    version: '5.3',
    date: new Date().toISOString(),
  };
  const content = {
    code,
    silent: false,
    store_history: false,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  };
  let printed = '';
  const idle = waitFor(ws, (data, isBinary) => {
    const message = read(data, { isBinary, protocol });
    if (message.parent_header.msg_id !== id) return false;
    printed +=
      message.header.msg_type === 'stream' ? (message.content.text ?? '') : (message.content.evalue ?? '');
    return message.header.msg_type === 'status' && message.content.execution_state === 'idle';
  });
  ws.send(
    serialize(
      { channel: 'shell', header, parent_header: {}, metadata: {}, content, buffers: [] } as never,
      protocol,
    ),
  );
  await idle;
  return printed;
}

/** Types into a terminal and waits until what it shows contains `expected`. */
export async function type({ ws }: Socket, line: string, expected: string): Promise<string> {
  let shown = '';
  const seen = waitFor(ws, (data) => {
    const [kind, text] = JSON.parse(textOf(data)) as [string, string?];
    if (kind === 'stdout') shown += text ?? '';
    return shown.includes(expected);
  });
  ws.send(JSON.stringify(['stdin', `${line}\r`]));
  await seen;
  return shown;
}

function waitFor(ws: WebSocket, isLast: (data: RawData, isBinary: boolean) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (conclude: () => void): void => {
      clearTimeout(timer);
      ws.off('message', onMessage);
      ws.off('close', onClose);
      conclude();
    };
    const onMessage = (data: RawData, isBinary: boolean): void => {
      if (isLast(data, isBinary)) settle(resolve);
    };
    const onClose = (): void => settle(() => reject(new Error('the socket closed')));
    const timer = setTimeout(() => settle(() => reject(new Error('nothing came'))), PATIENCE);
    ws.on('message', onMessage);
    ws.on('close', onClose);
  });
}

function read(
  data: RawData,
  { isBinary, protocol }: { readonly isBinary: boolean; readonly protocol: string },
): Message {
  const bytes = data as Buffer;
  const given = isBinary
    ? bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    : textOf(data);
  return deserialize(given as ArrayBuffer, protocol) as unknown as Message;
}

function textOf(data: RawData): string {
  return (data as Buffer).toString('utf8');
}
