/** What forward offers: passing on exactly what was decided, over HTTP and over a socket. */
import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { Ending } from '../core/ending.ts';
import type { ClientInfo, Headers } from '../core/http.ts';
import type { Soon } from '../core/soon.ts';

/** Where the Jupyter Server listens and how the gate proves itself to it. */
export interface UpstreamAddress {
  /** `http://host:port` or, for a Unix socket, `http://localhost` with `socketPath`. */
  readonly origin: string;
  readonly socketPath?: string | undefined;
  /** Token that is injected; `undefined` on our own Unix socket. Never leaves the gate towards a browser. */
  readonly token?: string | undefined;
}

export interface ForwardRequest {
  readonly method: string;
  /** Origin-form target, sent byte for byte. */
  readonly target: string;
  /** Headers as the client sent them; forward drops and sets what must be. */
  readonly headers: IncomingMessage['headers'];
  /** Re-serialised body, the stream to pass through, or nothing. */
  readonly body: string | Readable | undefined;
  /** Sees each piece of a streamed body before it is sent. When it throws an `AppError`, `send` rejects with that. */
  readonly onBodyChunk?: ((chunk: Buffer) => void) | undefined;
  /** Waited for before the last piece of a streamed body is sent: until then the server acts on none of it. */
  readonly beforeLast?: (() => Soon<void>) | undefined;
  readonly client: ClientInfo;
  /** For `X-Forwarded-User`-like identity headers: the subject. */
  readonly subject: string;
  /** Ends the upstream request, e.g. when the client went away; its reason is what `send` rejects with. */
  readonly ending: Ending;
  /** The reply will be rewritten: upstream is asked for all of it, fresh and without content encoding. */
  readonly willRewrite?: boolean;
}

export interface UpstreamReply {
  readonly status: number;
  /** Cleaned: no hop-by-hop, `Set-Cookie`, `Access-Control-*`, `Server`, `Www-Authenticate`; `Location` only same-origin. */
  readonly headers: Headers;
}

export interface Forwarder {
  /**
   * Sends the request. `onReply` decides, once the head is there, where the body goes: a `Writable` (streamed with
   * backpressure) or `'buffer'` (collected up to `bufferLimit`, for answers that are rewritten).
   * Resolves when the whole answer was delivered. Rejects with `UPSTREAM_UNREACHABLE`, `UPSTREAM_FAILED`,
   * `UPSTREAM_TIMEOUT`, or `CLIENT_GONE` when the destination closed first; a `Writable` that was named by then is
   * destroyed before the rejection, so that a client sees a broken answer and never a short or a hanging one.
   */
  send(
    request: ForwardRequest,
    onReply: (reply: UpstreamReply) => Writable | 'buffer',
    options?: { readonly bufferLimit?: number },
  ): Promise<{
    readonly reply: UpstreamReply;
    readonly buffered: Buffer | undefined;
    readonly bytes: number;
  }>;
  /**
   * One JSON exchange with the gate's own credentials, for looking things up. `body` of the answer is `undefined` where
   * there is none, and on an error status where it is not JSON. Rejects as `send` does.
   */
  ask(
    method: string,
    target: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /**
   * Opens the same socket upstream and ties both ends together byte for byte. Resolves when both ends are closed.
   * Rejects before anything was written to `socket` when upstream refuses (`UPSTREAM_FAILED` with its status as detail).
   */
  tunnel(request: TunnelRequest, socket: Duplex, head: Buffer): Promise<TunnelResult>;
  /**
   * Opens the same socket upstream and passes on what each end says as the handlers of `options` have it, never faster
   * than the other end reads. Resolves when both ends are closed. Rejects as `tunnel` does. An abort of the signal with
   * `ACCESS_ENDED` or `STOPPING` tells the client so (close code 4403 or 1001).
   */
  bridge(request: TunnelRequest, socket: Duplex, head: Buffer, options: BridgeOptions): Promise<TunnelResult>;
  /** Ends everything that is open. */
  close(): Promise<void>;
}

/** A message of a WebSocket: a string is a text frame, bytes are a binary one. */
export type BridgeMessage = string | Buffer;

/** What becomes of a message of the client: what upstream is told, and what the client is answered, each in order. */
export interface ClientOutcome {
  readonly toServer?: BridgeMessage;
  readonly toClient: readonly BridgeMessage[];
}

/** A throw of either closes the socket: with 1007 when it is `MESSAGE_INVALID`, else with 1011. */
export interface BridgeHandlers {
  /** What the client is shown; `undefined` shows nothing. Messages keep their order, also when an answer takes a while. */
  readonly onServerMessage: (message: BridgeMessage) => Soon<BridgeMessage | undefined>;
  /** The same for what the client says. Without it nothing of that gets through. */
  readonly onClientMessage?: (message: BridgeMessage) => Soon<ClientOutcome>;
}

export interface BridgeOptions {
  /** Whether what the client says is listened to; otherwise only short messages are taken, and dropped. */
  readonly isHeard: boolean;
  /** Largest message of either end, bytes, where the usual limits are too small. */
  readonly largest?: number;
  /** Makes the handlers, once the subprotocol is agreed on; `''` is none. */
  readonly open: (protocol: string) => BridgeHandlers;
}

export interface TunnelRequest {
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly client: ClientInfo;
  readonly subject: string;
  readonly signal: AbortSignal;
}

export interface TunnelResult {
  readonly status: number;
  /** Carried in both directions after the handshake; for a bridge, what the client was shown. */
  readonly bytes: number;
}
