/** The entry for a request that is answered before the gate: one of its own pages, or a refusal of what is not clear. */
import type { IncomingMessage } from 'node:http';
import type { DecisionEntry } from '../../core/entry.ts';
import type { ClientInfo } from '../../core/http.ts';
import { splitTarget } from '../../core/target.ts';
import type { OwnNotes } from '../own-notes.ts';

export interface OwnRequest {
  readonly id: string;
  /** Epoch milliseconds at which it arrived. */
  readonly at: number;
  readonly request: IncomingMessage;
  /** Undefined when it was refused before anybody asked where it comes from. */
  readonly client: ClientInfo | undefined;
  readonly notes: OwnNotes;
  readonly status: number;
  readonly bytes: number;
}

/** Holds the path alone: links, tokens and `next` are in the query. No rule was asked, so it names no revision. */
export function ownEntry(
  { id, at, request, client, notes, status, bytes }: OwnRequest,
  now: number,
): DecisionEntry {
  const target = request.url ?? '';
  return {
    id,
    at,
    subject: '',
    credential: '',
    address: client?.address ?? request.socket.remoteAddress ?? '',
    method: request.method ?? '',
    route: '',
    res: '',
    act: '',
    // An absolute target may hold an account and its password.
    path: target.startsWith('/') ? splitTarget(target).path.slice(0, 1024) : '',
    own: '',
    also: [],
    code: 'ALLOWED',
    ...notes,
    rules: [],
    revision: 0,
    status,
    bytes,
    durationMs: Math.max(0, now - at),
  };
}
