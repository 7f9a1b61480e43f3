/** Carries messages between the two sockets of a bridge, never faster than the slower end reads. */
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { AppError } from '../core/errors.ts';
import type { BridgeHandlers, BridgeMessage, ClientOutcome } from './forwarder.ts';
import { farewellOf } from './farewell.ts';
import { gatherWrites } from './gather-writes.ts';
import { inOrder } from './in-order.ts';
import { sendInOneWrite } from './one-write.ts';
import type { Receiver } from './one-write.ts';

/** Bytes that wait for one end before the other is not read any more, and before it is again. */
const PAUSE_ABOVE = 1024 * 1024;
const RESUME_BELOW = 256 * 1024;
/** How long a client may take to answer that its right ended, ms. */
const GOODBYE = 2000;

/** Codes of RFC 6455 7.4.1. */
const UNREADABLE = 1007;
const FAILED = 1011;

export interface BridgeEnds extends Receiver {
  /** What `upstream` writes to. */
  readonly upstreamSocket: Duplex;
  /** Paused. */
  readonly upstream: WebSocket;
}

/** Carries messages until both are closed; resolves with the bytes the client was shown. */
export async function tieBridge(
  { client, socket, upstream, upstreamSocket }: BridgeEnds,
  handlers: BridgeHandlers,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  const show = (message: BridgeMessage): void => {
    bytes += Buffer.byteLength(message);
    gatherWrites(socket);
    sendInOneWrite({ client, socket }, message);
  };
  const deliver = ({ toServer, toClient }: ClientOutcome): void => {
    if (toServer !== undefined && upstream.readyState === WebSocket.OPEN) {
      gatherWrites(upstreamSocket);
      upstream.send(toServer);
    }
    if (client.readyState === WebSocket.OPEN) toClient.forEach(show);
  };
  const heard = inOrder<BridgeMessage>({
    deal(message) {
      if (client.readyState !== WebSocket.OPEN) return undefined;
      const outcome = handlers.onClientMessage?.(message);
      if (outcome instanceof Promise) return outcome.then(deliver);
      if (outcome !== undefined) deliver(outcome);
      return undefined;
    },
    onIdle: regulate,
    onError: giveUp,
  });
  const reveal = (shown: BridgeMessage | undefined): void => {
    if (shown !== undefined && client.readyState === WebSocket.OPEN) show(shown);
  };
  // A filter that fails shows nothing, and nothing more.
  const said = inOrder<BridgeMessage>({
    deal(message) {
      const shown = handlers.onServerMessage(message);
      return shown instanceof Promise ? shown.then(reveal) : reveal(shown);
    },
    onIdle: regulate,
    onError: giveUp,
  });

  function regulate(): void {
    const unread = client.bufferedAmount;
    keep(upstream, said.isBusy ? Infinity : unread);
    // What a client says is answered to it too, so one that does not read is not listened to either.
    keep(client, heard.isBusy ? Infinity : Math.max(unread, upstream.bufferedAmount));
  }
  function giveUp(error: unknown): void {
    client.close(error instanceof AppError && error.code === 'MESSAGE_INVALID' ? UNREADABLE : FAILED);
    upstream.close(1000);
  }

  for (const end of [socket, upstreamSocket]) end.on('drain', regulate);
  upstream.on('message', (data, isBinary) => {
    said.add(messageOf(data, isBinary));
    if (said.isBusy) regulate();
  });
  client.on('message', (data, isBinary) => {
    heard.add(messageOf(data, isBinary));
    if (heard.isBusy) regulate();
  });
  // What keeps the connection from looking idle on its way to upstream must keep it so on the way to the client.
  upstream.on('ping', () => client.ping());
  await untilClosed({ client, upstream, settled: () => said.settled() }, signal);
  return bytes;
}

function keep(end: WebSocket, waiting: number): void {
  if (end.isPaused ? waiting < RESUME_BELOW : waiting > PAUSE_ABOVE) {
    if (end.isPaused) end.resume();
    else end.pause();
  }
}

async function untilClosed(
  {
    client,
    upstream,
    settled,
  }: Pick<BridgeEnds, 'client' | 'upstream'> & { readonly settled: () => Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  let goodbye: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    const farewell = farewellOf(signal);
    if (farewell === undefined) client.terminate();
    else {
      client.resume();
      client.close(farewell.code, farewell.reason);
      goodbye = setTimeout(() => client.terminate(), GOODBYE);
    }
    upstream.terminate();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  // What upstream said before it closed is shown before the client is closed.
  const closed = [
    passClose(client, upstream),
    passClose(upstream, client, async () => {
      await settled();
      return goodbye === undefined;
    }),
  ];
  upstream.resume();
  await Promise.all(closed);
  clearTimeout(goodbye);
  signal.removeEventListener('abort', onAbort);
}

/** Passes on how `from` was closed, once `ready`, unless that says no: `to` was told something else. Resolves then. */
function passClose(
  from: WebSocket,
  to: WebSocket,
  ready: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<void> {
  from.on('error', () => undefined);
  return new Promise((resolve) => {
    from.once('close', (code, reason) => {
      to.resume();
      void ready()
        .then((passes) => (passes ? closeLike(to, code, reason) : undefined))
        .then(resolve);
    });
  });
}

/** 1005 is a close without a code, 1006 a break without a close; neither can be sent (RFC 6455 7.4.1). */
function closeLike(socket: WebSocket, code: number, reason: Buffer): void {
  if (code === 1006 && socket.readyState === WebSocket.OPEN) socket.terminate();
  else if (code === 1005 || code === 1006) socket.close();
  else socket.close(code, reason);
}

/** A string for a text frame, bytes for a binary one. */
function messageOf(data: RawData, isBinary: boolean): BridgeMessage {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
  return isBinary ? bytes : bytes.toString();
}
