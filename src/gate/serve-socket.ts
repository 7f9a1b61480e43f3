/** The rest of the way of an admitted upgrade: a tunnel byte for byte, or a bridge that looks into what is said. */
import { AppError } from '../core/errors.ts';
import type { Question } from '../core/question.ts';
import type { BridgeOptions, TunnelRequest, TunnelResult } from '../forward/forwarder.ts';
import type { Documents } from '../core/documents.ts';
import type { Asker } from '../present/presenter.ts';
import { filterEvent } from '../present/events.ts';
import type { Admission } from './admit.ts';
import { planAwarenessSocket } from './awareness-socket.ts';
import type { SocketExchange } from './gate.ts';
import { planKernelSocket } from './kernel-socket.ts';
import type { KernelSocketDeps } from './kernel-socket.ts';
import type { RefusedMessage } from './looked-into.ts';
import { planRoomSocket } from './room-socket.ts';
import type { RoomSocketDeps } from './room-socket.ts';
import { planTerminalSocket } from './terminal-socket.ts';

export interface ServeSocketDeps extends KernelSocketDeps, RoomSocketDeps {}

/** How a socket is carried, and what must hold for as long as it is. */
export interface SocketPlan {
  /** Beside those it was admitted with. */
  readonly questions: readonly Question[];
  readonly stillStands?: () => Promise<boolean>;
  /** Carries it until both ends are closed. Rejects with an `AppError` while nothing was sent to the client. */
  carry(signal: AbortSignal): Promise<TunnelResult>;
}

export interface PlanContext {
  readonly asker: Asker;
  /** Told of a kernel message that was refused; once for each type on a socket. */
  readonly onRefused: (refused: RefusedMessage) => void;
}

/** Throws `SESSION_ID_TAKEN`. */
export async function planSocket(
  deps: ServeSocketDeps,
  exchange: SocketExchange,
  admission: Admission,
  { asker, onRefused }: PlanContext,
): Promise<SocketPlan> {
  const { forwarder } = deps;
  const { request, socket, head, client } = exchange;
  const { classified, identity } = admission;
  const upstream = (signal: AbortSignal): TunnelRequest => ({
    target: classified.target,
    headers: request.headers,
    client,
    subject: identity.subject,
    signal,
  });
  switch (classified.socket) {
    case 'kernel': {
      const { target, bridge, ...plan } = await planKernelSocket(deps, { admission, client, onRefused });
      return {
        ...plan,
        carry: (signal) =>
          bridge === undefined
            ? forwarder.tunnel({ ...upstream(signal), target }, socket, head)
            : forwarder.bridge({ ...upstream(signal), target }, socket, head, bridge),
      };
    }
    case 'terminal': {
      const { bridge, ...plan } = await planTerminalSocket(deps, { admission, client, onRefused });
      return {
        ...plan,
        carry: (signal) =>
          bridge === undefined
            ? forwarder.tunnel(upstream(signal), socket, head)
            : forwarder.bridge(upstream(signal), socket, head, bridge),
      };
    }
    case 'room': {
      const room = await planRoomSocket(deps, { admission, client, onRefused });
      const until = (signal: AbortSignal): TunnelRequest => upstream(AbortSignal.any([signal, room.ended]));
      return {
        questions: [],
        stillStands: room.stillStands,
        carry: (signal) => forwarder.bridge(until(signal), socket, head, room.bridge).finally(room.leave),
      };
    }
    case 'awareness': {
      const { bridge, leave } = planAwarenessSocket(deps, asker);
      return {
        questions: [],
        carry: (signal) => forwarder.bridge(upstream(signal), socket, head, bridge).finally(leave),
      };
    }
    case 'events':
      return {
        questions: [],
        carry: (signal) => forwarder.bridge(upstream(signal), socket, head, eventsFor(asker, deps.documents)),
      };
    case 'tunnel':
      return { questions: [], carry: (signal) => forwarder.tunnel(upstream(signal), socket, head) };
    case undefined:
      throw new AppError('UPGRADE_INVALID');
  }
}

function eventsFor(asker: Asker, documents: Documents): BridgeOptions {
  return {
    isHeard: false,
    open: () => ({
      onServerMessage: (message) =>
        typeof message === 'string' ? filterEvent(message, asker, documents) : undefined,
    }),
  };
}
