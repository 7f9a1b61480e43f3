/** Carries messages between the two ends of a bridge, never faster than the slower one reads. */
import type { Duplex } from 'node:stream';
import { AppError } from '../core/errors.ts';
import type { BridgeHandlers, BridgeMessage, ClientOutcome } from './forwarder.ts';
import { farewellOf } from './farewell.ts';
import { InOrder } from './in-order.ts';
import { CLOSE, closing } from './websocket/close.ts';
import type { Closing } from './websocket/close.ts';
import { MessageSocket } from './websocket/message-socket.ts';
import type { ReceivedMessage } from './websocket/received-message.ts';

export interface BridgeEnd {
  readonly socket: Duplex;
  /** Bytes that came with the handshake. */
  readonly head: Buffer;
  /** Largest message that is taken, bytes. */
  readonly largest: number;
}

export interface BridgeEnds {
  readonly client: BridgeEnd;
  readonly upstream: BridgeEnd;
}

/** Bytes that wait for one end before the other is not read any more, and before it is again. */
const PAUSE_ABOVE = 1024 * 1024;
const RESUME_BELOW = 256 * 1024;
/** How long a client may take to answer that its right ended, ms. */
const GOODBYE = 2000;

/** Carries messages until both are closed; resolves with the bytes the client was shown. */
export async function tieBridge(
  ends: BridgeEnds,
  handlers: BridgeHandlers,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  const show = (message: BridgeMessage, others: boolean): void => {
    bytes += client.send(message, others);
  };
  const reveal = (received: ReceivedMessage, shown: BridgeMessage | undefined): void => {
    // What is shown as it came needs no frame of its own.
    if (shown === received.message) bytes += client.pass(received, upstream.hasMore);
    else if (shown !== undefined) show(shown, upstream.hasMore);
  };
  const deliver = ({ toServer, toClient }: ClientOutcome): void => {
    if (toServer !== undefined) upstream.send(toServer, client.hasMore);
    for (const message of toClient) show(message, true);
  };
  // A filter that fails shows nothing, and nothing more.
  const giveUp = (error: unknown): void => {
    const isUnreadable = error instanceof AppError && error.code === 'MESSAGE_INVALID';
    client.close(closing(isUnreadable ? CLOSE.unreadable : CLOSE.failed));
    upstream.close(closing(CLOSE.normal));
  };
  const regulate = (): void => {
    keep(upstream, said.isBusy ? Infinity : client.unsent);
    // What a client says is answered to it too, so one that does not read is not listened to either.
    keep(client, heard.isBusy ? Infinity : Math.max(client.unsent, upstream.unsent));
  };
  const heard = new InOrder<ReceivedMessage>({
    deal({ message }) {
      const outcome = handlers.onClientMessage?.(message);
      if (outcome instanceof Promise) return outcome.then(deliver);
      return outcome === undefined ? undefined : deliver(outcome);
    },
    onChange: regulate,
    onError: giveUp,
  });
  const said = new InOrder<ReceivedMessage>({
    deal(received) {
      if (!client.isOpen) return undefined;
      const shown = handlers.onServerMessage(received.message);
      return shown instanceof Promise
        ? shown.then((known) => reveal(received, known))
        : reveal(received, shown);
    },
    onChange: regulate,
    onError: giveUp,
  });
  const client = new MessageSocket(ends.client.socket, {
    ...ends.client,
    end: 'server',
    onMessage: (received) => heard.take(received),
    onPing: regulate,
    onDrain: regulate,
    onClose: (how) => closeLike(upstream, how),
  });
  const upstream = new MessageSocket(ends.upstream.socket, {
    ...ends.upstream,
    end: 'client',
    onMessage: (received) => said.take(received),
    // What keeps the connection from looking idle on its way to upstream must keep it so on the way to the client.
    onPing: (payload) => {
      client.ping(payload);
      regulate();
    },
    onDrain: regulate,
    // What upstream said before it closed is shown before the client is closed.
    onClose: (how) => void said.settled().then(() => closeLike(client, how)),
  });
  await untilClosed(client, upstream, signal);
  return bytes;
}

function keep(end: MessageSocket, waiting: number): void {
  if (end.isHeld ? waiting < RESUME_BELOW : waiting > PAUSE_ABOVE) end.hold(!end.isHeld);
}

async function untilClosed(
  client: MessageSocket,
  upstream: MessageSocket,
  signal: AbortSignal,
): Promise<void> {
  const onAbort = (): void => {
    const farewell = farewellOf(signal);
    if (farewell === undefined) client.terminate();
    else client.close(closing(farewell.code, farewell.reason), GOODBYE);
    upstream.terminate();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  client.hold(false);
  upstream.hold(false);
  await Promise.all([client.closed, upstream.closed]);
  signal.removeEventListener('abort', onAbort);
}

/** Passes on how the other end was closed, unless this one was told something else. */
function closeLike(end: MessageSocket, how: Closing): void {
  if (!end.isOpen) return;
  if (how.code === CLOSE.broken) end.terminate();
  else end.close(how);
}
