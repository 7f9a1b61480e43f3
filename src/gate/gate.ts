/** What the gate offers to accept: one function for HTTP, one for upgrades, both the same way through the stages. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Ending } from '../core/ending.ts';
import type { AppError } from '../core/errors.ts';
import type { ClientInfo } from '../core/http.ts';

interface Exchange {
  /** Id of the request, in the record and in `X-Request-Id` of the answer. */
  readonly id: string;
  /** Epoch milliseconds at which it arrived. */
  readonly at: number;
  readonly request: IncomingMessage;
  readonly client: ClientInfo;
}
export interface HttpExchange extends Exchange {
  readonly response: ServerResponse;
  /** Ended when the client goes away or the gate stops. */
  readonly ending: Ending;
}
export interface SocketExchange extends Exchange {
  /** Aborted when the client goes away or the gate stops. */
  readonly signal: AbortSignal;
  /** Ends it from within: aborts the signal with this reason. */
  readonly end: (reason: AppError) => void;
  readonly socket: Duplex;
  /** Bytes that came with the upgrade request. */
  readonly head: Buffer;
}

export interface Gate {
  /** Answers the request whatever happens; never rejects. */
  handle(exchange: HttpExchange): Promise<void>;
  /** Answers or tunnels; resolves when the socket is closed; never rejects. */
  upgrade(exchange: SocketExchange): Promise<void>;
}
