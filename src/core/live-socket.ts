/** What is open at the moment, with what is needed to ask again whether it may stay. */
import type { IncomingHttpHeaders } from 'node:http';
import type { AppError } from './errors.ts';
import type { Identity } from './identity.ts';
import type { Question } from './question.ts';
import type { Verdict } from './verdict.ts';

/** Close code of a WebSocket whose right has ended; 4000 to 4999 are free for applications (RFC 6455 7.4.2). */
export const ACCESS_ENDED_CLOSE = 4403;

/** A WebSocket, or an HTTP request whose answer or upload is under way. */
export interface LiveSocket {
  /** Id of the request that opened it. */
  readonly id: string;
  readonly kind: 'socket' | 'request';
  /** Epoch milliseconds. */
  readonly since: number;
  /** Id of the route table. */
  readonly route: string;
  /** Where the client is. */
  readonly address: string;
  readonly identity: Identity;
  /** Headers and query token the identity came from, to find out whether it still holds. */
  readonly headers: IncomingHttpHeaders;
  readonly queryToken: string | undefined;
  readonly questions: readonly Question[];
  /** What else must hold for it to stay as it is, asked with each look at the questions. */
  readonly stillStands?: (() => Promise<boolean>) | undefined;
  /** One question is also allowed where its path is a directory above something that may be read. */
  readonly leads?: boolean | undefined;
  /** What it was let in by. */
  readonly verdict: Verdict;
  /** `LiveSockets.turn` as it was before the sign-in was looked at. */
  readonly turn: number;
  /** Ends it at once with `ACCESS_ENDED`; the person is shown its detail. */
  close(ending: AppError): void;
}

/** Port to whoever watches what is open. */
export interface LiveSockets {
  /** Goes up with everything that may have ended somebody's right or sign-in. */
  readonly turn: number;
  /** Registers one: from here on it is closed when its right ends. */
  add(socket: LiveSocket): Watched;
}

export interface Watched {
  /** Resolves when it is known what ended between its `turn` and now; undefined when nothing did. Never rejects. */
  readonly settled: Promise<void> | undefined;
  /** Takes it out again. */
  readonly release: () => void;
}

/** One of them as it is shown. Times are epoch milliseconds. */
export interface LiveConnection {
  readonly id: string;
  readonly kind: LiveSocket['kind'];
  readonly since: number;
  readonly route: string;
  readonly address: string;
  readonly subject: string;
  readonly displayName: string;
  readonly credential: Identity['credential'];
  readonly credentialId: string | null;
  /** Of the first question. */
  readonly act: string;
  readonly path: string;
  readonly own: string;
  /** Of every question. */
  readonly res: readonly string[];
  /** Rules and revision of the latest answer. */
  readonly rules: readonly number[];
  readonly revision: number;
  /** When it is asked again at the latest. */
  readonly validUntil: number | null;
}

/** Port to what is open, for the people who administer it. */
export interface LiveConnections {
  /** The oldest first. */
  list(): readonly LiveConnection[];
  /** Closes those with these ids that are still open; answers how many. */
  close(ids: ReadonlySet<string>, reason: string): number;
}
