/** Upgrades go to the same gate as HTTP, after the same checks: an `Upgrade` header skips nothing. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import type { ClientInfo } from '../../core/http.ts';
import { NOWHERE } from '../../core/roster.ts';
import type { Gate, SocketExchange } from '../../gate/gate.ts';
import type { Log } from '../../record/log.ts';
import type { Recorder } from '../../record/recorder.ts';
import { checkHandshake, checkRequest } from './check-request.ts';
import { endSocket, refuseSocket } from './end-socket.ts';
import type { OpenExchange, OpenExchanges } from './open-exchanges.ts';
import { ownEntry } from './own-entry.ts';

/** What HTTP and upgrades are accepted with alike. */
export interface AcceptDeps {
  readonly gate: Gate;
  readonly clientOf: (request: IncomingMessage) => ClientInfo;
  readonly exchanges: OpenExchanges;
  readonly ids: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: Pick<Recorder, 'record'>;
}

/** Listener for `upgrade` of a `node:http` server. */
export type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export function createUpgradeHandler(deps: AcceptDeps): HandleUpgrade {
  async function carry(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const id = deps.ids();
    const at = deps.clock.now();
    let handedOver = false;
    try {
      if (deps.exchanges.stopping) throw new AppError('STOPPING');
      checkRequest(request);
      checkHandshake(request);
      const client = deps.clientOf(request);
      const { signal, end } = openSocket(deps.exchanges, socket);
      handedOver = true;
      await deps.gate.upgrade({ id, at, request, client, socket, head, signal, end });
      endSocket(socket);
    } catch (thrown) {
      const error = asAppError(thrown);
      if (error.status >= 500) deps.log.error({ id, code: error.code, cause: error.cause }, error.message);
      refuseSocket(socket, error, id);
      const { code, status } = error;
      const refused = { id, at, request, client: undefined, notes: { code }, status, bytes: 0 };
      if (!handedOver) deps.recorder.record(ownEntry(refused, deps.clock.now()));
    }
  }

  return (request, socket, sent) => {
    // A piece of nothing would keep all that was read with it for as long as the socket is open.
    const head = sent.length > 0 ? sent : Buffer.alloc(0);
    // Before anything else: a socket that breaks without a listener takes the process with it.
    socket.on('error', () => undefined);
    void carry(request, socket, head);
  };
}

/** Keeps it open until it is closed, which aborts the signal. */
function openSocket(exchanges: OpenExchanges, socket: Duplex): Pick<SocketExchange, 'signal' | 'end'> {
  const controller = new AbortController();
  const end = (reason: AppError): void => controller.abort(reason);
  const open: OpenExchange = { kind: 'socket', end, destroy: () => void socket.destroy(), place: NOWHERE };
  exchanges.add(open);
  socket.once('close', () => {
    if (!controller.signal.aborted) end(new AppError('CLIENT_GONE'));
    exchanges.remove(open);
  });
  return { signal: controller.signal, end };
}
