/** Closes what is open, with words for the person. Their right stays: a page may open it again. */
import { AppError } from '../../core/errors.ts';
import type { LiveConnection, LiveConnections } from '../../core/live-socket.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { listConnections, showConnection } from './list-connections.ts';
import type { ConnectionFilter } from './list-connections.ts';

const CLOSED = 'An administrator closed this connection.';

export interface CloseDeps {
  readonly management: Pick<Management, 'store' | 'clock'>;
  readonly connections: LiveConnections;
}

export interface CloseInput extends ConnectionFilter {
  /** What the people are told. */
  readonly message?: string | undefined;
}

export interface Closed {
  /** How many. */
  readonly closed: number;
  /** Revision in force. */
  readonly revision: number;
}

/** Closes all that match. Throws `INPUT_INVALID` when neither a subject nor a resource is named. */
export async function closeConnections(deps: CloseDeps, actor: Actor, input: CloseInput): Promise<Closed> {
  const { subject, resource, message } = input;
  if (subject === undefined && resource === undefined) {
    const problems = [{ at: 'subject', message: 'expected `subject`, `resource` or both' }];
    throw new AppError('INPUT_INVALID', { problems });
  }
  const chosen = listConnections(deps.connections, { subject, resource });
  const target = [subject, resource].filter((part) => part !== undefined).join(' ');
  return close(deps, actor, { chosen, message, target });
}

/** Closes one. Throws `CONNECTION_UNKNOWN`. */
export async function closeConnection(
  deps: CloseDeps,
  actor: Actor,
  { id, message }: { readonly id: string; readonly message?: string | undefined },
): Promise<Closed> {
  const chosen = [showConnection(deps.connections, id)];
  return close(deps, actor, { chosen, message, target: id });
}

interface Closing {
  readonly chosen: readonly LiveConnection[];
  readonly message: string | undefined;
  readonly target: string;
}

/** Written down first: nothing is closed that the audit does not know of. */
async function close(
  { management, connections }: CloseDeps,
  actor: Actor,
  { chosen, message = CLOSED, target }: Closing,
): Promise<Closed> {
  const inForce = await management.store.transaction(async (tx) => {
    await actor.precondition?.(tx);
    const { revision } = await tx.state.counters();
    if (chosen.length === 0) return revision;
    await tx.audit.append({
      at: management.clock.now(),
      actor: actor.subject,
      address: actor.address,
      via: actor.via,
      what: 'connection.close',
      target,
      before: chosen.map(({ id, subject, res, path }) => ({ id, subject, res, path })),
      after: { message },
      revision,
    });
    return revision;
  });
  return { closed: connections.close(new Set(chosen.map(({ id }) => id)), message), revision: inForce };
}
