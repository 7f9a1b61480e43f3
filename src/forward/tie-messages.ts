/** Two WebSockets as one: what upstream says is shown through a filter, how either closes is passed on. */
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { BridgeOptions } from './forwarder.ts';
import { createMessageQueue } from './message-queue.ts';

/** Bytes on their way to a client at which upstream has to wait, and below which it goes on. */
const PAUSE_ABOVE = 1024 * 1024;
const RESUME_BELOW = 256 * 1024;
/** Messages that may wait for their filter before upstream has to. */
const MOST_WAITING = 16;

export interface TieMessagesOptions extends BridgeOptions {
  readonly signal: AbortSignal;
}

/** Carries messages until both are closed; resolves with the bytes the client was shown. */
export async function tieMessages(
  client: WebSocket,
  upstream: WebSocket,
  { signal, onServerText }: TieMessagesOptions,
): Promise<number> {
  let bytes = 0;
  const show = async (data: RawData): Promise<void> => {
    const text = await onServerText(textOf(data));
    if (text === undefined || client.readyState !== WebSocket.OPEN) return;
    bytes += Buffer.byteLength(text);
    client.send(text, () => flow());
  };
  const filtered = createMessageQueue(show, () => {
    // A filter that fails shows nothing, and nothing more.
    client.close(1011);
    upstream.close(1000);
  });
  const flow = (): void => {
    if (client.readyState !== WebSocket.OPEN) upstream.resume();
    else if (filtered.waiting > MOST_WAITING || client.bufferedAmount > PAUSE_ABOVE) upstream.pause();
    else if (client.bufferedAmount < RESUME_BELOW) upstream.resume();
  };
  upstream.on('message', (data, isBinary) => {
    if (isBinary) return;
    void filtered.add(data).then(flow);
    flow();
  });
  const terminate = (): void => {
    client.terminate();
    upstream.terminate();
  };
  signal.addEventListener('abort', terminate, { once: true });
  if (signal.aborted) terminate();
  // What upstream said before it closed is shown before the client is closed.
  const closed = [passClose(client, upstream), passClose(upstream, client, () => filtered.settled())];
  upstream.resume();
  await Promise.all(closed);
  signal.removeEventListener('abort', terminate);
  return bytes;
}

/** Passes on how `from` was closed, once `ready`. Resolves then. */
function passClose(
  from: WebSocket,
  to: WebSocket,
  ready: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  from.on('error', () => undefined);
  return new Promise((resolve) => {
    from.once('close', (code, reason) => {
      to.resume();
      void ready()
        .then(() => closeLike(to, code, reason))
        .then(resolve);
    });
  });
}

/** 1005 is a close without a code, 1006 a break without a close; neither can be sent (RFC 6455 7.4.1). */
function closeLike(socket: WebSocket, code: number, reason: Buffer): void {
  if (code === 1006) socket.terminate();
  else if (code === 1005) socket.close();
  else socket.close(code, reason);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
