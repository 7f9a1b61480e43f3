/**
 * The client of the HTTP rows: as little as a client can be, so that the machine is left to what is measured. Keeps
 * connections open and sends the next request on each once the answer to the last one is complete.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { work } from './work.ts';

export interface LoadCommand {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly requests: number;
}

export interface LoadResult {
  readonly seconds: number;
}

export interface TransferCommand {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const OK = 'HTTP/1.1 200';
const HEAD_END = Buffer.from('\r\n\r\n');

await work(async () => ({ ready: {}, commands: { load, download, upload } }));

async function load({ connections, requests, ...asked }: LoadCommand): Promise<LoadResult> {
  const message = requestHead('GET', asked);
  let left = requests;
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(asked.port)));
  const since = performance.now();
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve, reject) => {
          const next = (): void => {
            left -= 1;
            if (left < 0) resolve();
            else socket.write(message);
          };
          socket.on('data', answerReader(next, reject));
          socket.once('close', () => reject(new Error('the connection was closed')));
          next();
        }),
    ),
  );
  const seconds = (performance.now() - since) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds };
}

async function download(asked: TransferCommand): Promise<LoadResult> {
  const socket = await opened(asked.port);
  const since = performance.now();
  socket.write(requestHead('GET', asked));
  const received = await answered(socket);
  if (received < asked.bytes) throw new Error(`expected ${asked.bytes} bytes, received ${received}`);
  return { seconds: (performance.now() - since) / 1000 };
}

/** The body begins as a save of a file does, and is nothing but one long text after that. */
async function upload(asked: TransferCommand): Promise<LoadResult> {
  const socket = await opened(asked.port);
  const since = performance.now();
  const done = answered(socket);
  socket.write(
    requestHead('PUT', { ...asked, headers: { ...asked.headers, 'content-length': String(asked.bytes) } }),
  );
  const start = Buffer.from('{"content":"');
  socket.write(start);
  for (let left = asked.bytes - start.length; left > 0; left -= CHUNK.length) {
    if (!socket.write(left >= CHUNK.length ? CHUNK : CHUNK.subarray(0, left))) await once(socket, 'drain');
  }
  await done;
  return { seconds: (performance.now() - since) / 1000 };
}

async function opened(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

function requestHead(method: string, { path, port, headers }: Omit<TransferCommand, 'bytes'>): string {
  const all = { host: `127.0.0.1:${port}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** Bytes of the whole answer, its head included. */
async function answered(socket: Socket): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    socket.on('data', answerReader(resolve, reject));
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
  socket.removeAllListeners('close');
  const { bytesRead } = socket;
  socket.destroy();
  return bytesRead;
}

/** Counts an answer with a length, or one in chunks that ends as chunked answers do; calls `onComplete` at its end. */
function answerReader(onComplete: () => void, onWrong: (error: Error) => void): (chunk: Buffer) => void {
  let head: Buffer | undefined = Buffer.alloc(0);
  let left = 0;
  return (chunk) => {
    let size = chunk.length;
    if (head !== undefined) {
      const all: Buffer = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = all.indexOf(HEAD_END);
      if (end < 0) {
        head = all;
        return;
      }
      const text = all.toString('latin1', 0, end);
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
      if (!text.startsWith(OK) || length === undefined) {
        onWrong(new Error(`expected 200 with a length, received:\n${all.toString('latin1', 0, 1000)}`));
        return;
      }
      left = Number(length);
      size = all.length - end - HEAD_END.length;
      head = undefined;
    }
    left -= size;
    if (left > 0) return;
    head = Buffer.alloc(0);
    onComplete();
  };
}
