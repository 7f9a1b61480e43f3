/** Lists what is open: WebSockets, and HTTP requests whose answer or upload is under way. */
import { AppError } from '../../core/errors.ts';
import { ANONYMOUS } from '../../core/identity.ts';
import type { LiveConnection, LiveConnections } from '../../core/live-socket.ts';
import { isGuest } from '../../core/names.ts';

export interface ConnectionFilter {
  /** A user, or `anonymous` for every browser that is not signed in. */
  readonly subject?: string | undefined;
  /** Resource label that one of its questions names, e.g. `channels`. */
  readonly resource?: string | undefined;
}

/** The oldest first. */
export function listConnections(
  connections: LiveConnections,
  filter: ConnectionFilter,
): readonly LiveConnection[] {
  return connections.list().filter((connection) => matches(connection, filter));
}

/** Throws `CONNECTION_UNKNOWN`. */
export function showConnection(connections: LiveConnections, id: string): LiveConnection {
  const found = connections.list().find((connection) => connection.id === id);
  if (found === undefined) throw new AppError('CONNECTION_UNKNOWN', { detail: `received \`${id}\`` });
  return found;
}

function matches({ subject, res }: LiveConnection, filter: ConnectionFilter): boolean {
  const isTheirs =
    filter.subject === undefined ||
    filter.subject.toLowerCase() === subject ||
    (filter.subject === ANONYMOUS && isGuest(subject));
  return isTheirs && (filter.resource === undefined || res.includes(filter.resource));
}
