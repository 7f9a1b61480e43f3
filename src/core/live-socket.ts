/** A socket that is open at the moment, with what is needed to ask again whether it may stay. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Identity } from './identity.ts';
import type { Question } from './question.ts';

export interface LiveSocket {
  /** Id of the request that opened it. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly identity: Identity;
  /** Headers and query token the identity came from, to find out whether it still holds. */
  readonly headers: IncomingHttpHeaders;
  readonly queryToken: string | undefined;
  readonly questions: readonly Question[];
  /** What else must hold for the socket to stay as it is, asked with each look at the questions. */
  readonly stillStands?: (() => Promise<boolean>) | undefined;
  /** Ends the socket at once. */
  close(): void;
}

/** Port to whoever watches the live sockets. */
export interface LiveSockets {
  /** Registers a socket; the returned function takes it out again. */
  add(socket: LiveSocket): () => void;
}
