/** Sends a request byte for byte over a socket of its own, and reads what comes back, whatever it is. */
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Attack } from './corpus/attack.ts';

export interface Door {
  readonly host: string;
  readonly port: number;
  /** Header line that says who asks. */
  readonly credential: string;
}

export interface Heard {
  /** Status of the first answer; 0 when the connection ended without one. */
  readonly status: number;
  /** All bytes, and the body of the first answer as it was before it was encoded. */
  readonly bytes: Buffer;
  readonly body: Buffer;
}

/** Ids that stand in a request as `{kernel}`. */
export type Names = Readonly<Record<'kernel' | 'session' | 'terminal', string>>;

/** How long an answer may take on a machine with other work, ms; a length that is not told may never come to an end. */
const PATIENCE = 60_000;
const UNTOLD_PATIENCE = 3_000;
/** How long a connection that was not asked to close is listened to after its last byte, ms: a second answer may come. */
const SILENCE = 400;
/** A larger answer is read to its end and not kept. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What goes over the wire. */
function bytesOf(attack: Attack, door: Door, names: Names): Buffer {
  const { method, target, headers = [], body, framing, socket } = attack;
  const [lines, sent] = framed(body, framing);
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(headers.some((line) => /^host:/i.test(line)) ? [] : ['Host: {host}']),
    ...(headers.some((line) => /^authorization:/i.test(line)) ? [] : [door.credential]),
    ...headers,
    ...lines,
    ...(socket === true
      ? upgrade
      : headers.some((line) => /^connection:/i.test(line))
        ? []
        : ['Connection: close']),
  ];
  const text = `${head.join('\r\n')}\r\n\r\n${sent}`;
  const named = text.replaceAll(/\{(kernel|session|terminal|host)\}/g, (_, name: keyof Names | 'host') =>
    name === 'host' ? `${door.host}:${door.port}` : names[name],
  );
  // Replacing may have changed how long the body is; nothing in the names is longer than a byte a character.
  return Buffer.from(
    named.replace(/^Content-Length: \{length\}/m, () => lengthOf(named)),
    'latin1',
  );
}

function framed(body: string | undefined, framing: Attack['framing']): readonly [string[], string] {
  if (body === undefined) return [[], ''];
  if (framing === 'untold') return [[], body];
  if (framing === undefined) return [['Content-Length: {length}'], body];
  const half = Math.ceil(body.length / 2);
  const chunks = [body.slice(0, half), body.slice(half), ''].filter((chunk, at) => chunk !== '' || at === 2);
  return [
    ['Transfer-Encoding: chunked'],
    chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join(''),
  ];
}

function lengthOf(message: string): string {
  return `Content-Length: ${message.length - message.indexOf('\r\n\r\n') - 4}`;
}

/** Sends it and gives what was heard until the other side closed, or said nothing for too long. */
export function send(attack: Attack, door: Door, names: Names): Promise<Heard> {
  const bytes = bytesOf(attack, door, names);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let kept = 0;
    const closes = /^connection:.*\bclose\b/im.test(bytes.toString('latin1'));
    const socket = connect(door.port, door.host);
    const end = (): void => {
      socket.destroy();
      resolve(read(Buffer.concat(chunks)));
    };
    socket.setTimeout(attack.framing === 'untold' ? UNTOLD_PATIENCE : PATIENCE, end);
    // A server that refuses early may reset the connection; what it said before counts.
    socket.on('error', () => undefined);
    socket.on('close', end);
    socket.on('data', (chunk) => {
      if (kept < MOST_BYTES) chunks.push(chunk);
      kept += chunk.length;
      if (!closes) socket.setTimeout(SILENCE);
    });
    socket.write(bytes);
  });
}

function read(bytes: Buffer): Heard {
  const text = bytes.toString('latin1');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
  const cut = text.indexOf('\r\n\r\n');
  if (cut < 0) return { status, bytes, body: bytes };
  const head = text.slice(0, cut);
  const rest = bytes.subarray(cut + 4);
  const whole = /^transfer-encoding: *chunked/im.test(head) ? unchunked(rest) : rest;
  return { status, bytes, body: decoded(whole, /^content-encoding: *(\w+)/im.exec(head)?.[1]) };
}

function unchunked(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const line = bytes.indexOf('\r\n', at);
    const size = line < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (!(size > 0)) break;
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
  return Buffer.concat(chunks);
}

function decoded(bytes: Buffer, encoding: string | undefined): Buffer {
  try {
    if (encoding === 'gzip') return gunzipSync(bytes);
    if (encoding === 'deflate') return inflateSync(bytes);
    if (encoding === 'br') return brotliDecompressSync(bytes);
  } catch {
    // Cut off or no such thing: looked at as it is.
  }
  return bytes;
}
