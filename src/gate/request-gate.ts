/**
 * Wires the stages into the two functions that accept calls. Both go the same way:
 * authenticate → classify → decide → forward → present → record, or refuse.
 */
import type { Duplex } from 'node:stream';
import type { AdviseOnPage } from '../core/access-advice.ts';
import type { Clock } from '../core/clock.ts';
import { asAppError } from '../core/errors.ts';
import type { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import { rawAnswer } from '../core/answer.ts';
import type { LiveSockets } from '../core/live-socket.ts';
import type { TunnelResult } from '../forward/forwarder.ts';
import { queryValues, withoutParameters } from '../core/target.ts';
import type { Recorder } from '../record/recorder.ts';
import { adviceOn } from './advice-on.ts';
import { admit } from './admit.ts';
import type { AdmitDeps, Admission } from './admit.ts';
import type { Gate, HttpExchange, SocketExchange } from './gate.ts';
import { isNavigation, refuse } from './refuse.ts';
import { registerLive } from './register-live.ts';
import type { RefuseOptions } from './refuse.ts';
import { serveHttp, writeAnswer } from './serve-http.ts';
import type { ServeHttpDeps } from './serve-http.ts';
import { planSocket } from './serve-socket.ts';
import type { ServeSocketDeps } from './serve-socket.ts';
import { entryOf, refusedMessageEntry, startTrail } from './trail.ts';
import type { Trail } from './trail.ts';

export interface RequestGateDeps extends AdmitDeps, ServeHttpDeps, ServeSocketDeps {
  readonly recorder: Recorder;
  readonly liveSockets: LiveSockets;
  readonly clock: Clock;
  /** Left out: nobody can ask for what they were refused. */
  readonly advise?: AdviseOnPage | undefined;
  /** Told of failures that are nobody's refusal: the cause stays inside. */
  readonly onFailure: (error: AppError, requestId: string) => void;
}

/** The gate: one function for HTTP, one for upgrades. Neither ever rejects. */
export function createRequestGate(deps: RequestGateDeps, options: RefuseOptions): Gate {
  async function recorded(
    trail: Trail,
    work: () => Promise<void>,
    fail: (error: AppError) => void | Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = asAppError(thrown);
      trail.error = error;
      trail.code = error.code;
      if (error.status >= 500) deps.onFailure(error, trail.id);
      await fail(error);
    } finally {
      deps.recorder.record(entryOf(trail, deps.clock.now()));
    }
  }

  function handle(exchange: HttpExchange): Promise<void> {
    const { request, response } = exchange;
    const trail = startTrail(exchange);
    const work = async (): Promise<void> => {
      const detour = signInDetour(exchange, trail, options.baseUrl);
      if (detour !== undefined) {
        writeAnswer(response, detour, trail);
        return;
      }
      const { turn } = deps.liveSockets;
      const admitted = admit(deps, request, 'http', trail);
      const admission = admitted instanceof Promise ? await admitted : admitted;
      const live = registerLive(deps.liveSockets, exchange, admission, {
        trail,
        kind: 'request',
        turn,
        end: (reason) => exchange.ending.end(reason),
      });
      try {
        if (live.settled !== undefined) await live.settled;
        if (exchange.ending.reason !== undefined) throw exchange.ending.reason;
        const served = serveHttp(deps, exchange, admission, { asker: askerOf(admission, exchange), trail });
        if (served instanceof Promise) await served;
      } finally {
        live.release();
      }
    };
    return recorded(trail, work, async (error) => {
      const advice = await adviceOn(deps.advise, exchange, { error, trail });
      const answer = refuse(error, request, trail, { ...options, advice });
      // A body nobody will read must not be mistaken for the next request on this connection.
      const close = request.complete ? {} : { connection: 'close' };
      if (response.headersSent) response.destroy();
      else writeAnswer(response, { ...answer, headers: { ...answer.headers, ...close } }, trail);
    });
  }

  function upgrade(exchange: SocketExchange): Promise<void> {
    const { request, socket } = exchange;
    const trail = startTrail(exchange);
    const work = async (): Promise<void> => {
      const { turn } = deps.liveSockets;
      const admission = await admit(deps, request, 'websocket', trail);
      trail.status = 101;
      // Not awaited here, nor in `carry`: what a waiting function knows stays in memory for as long as the socket is open.
      return carry(exchange, admission, { trail, turn });
    };
    return recorded(trail, work, (error) => {
      const answer = refuse(error, request, trail, options);
      trail.status = answer.status;
      endSocket(socket, answer, trail);
    });
  }

  async function carry(
    exchange: SocketExchange,
    admission: Admission,
    { trail, turn }: { readonly trail: Trail; readonly turn: number },
  ): Promise<void> {
    const plan = await planSocket(deps, exchange, admission, {
      asker: askerOf(admission, exchange),
      onRefused: (refused) => deps.recorder.record(refusedMessageEntry(trail, refused, deps.clock.now())),
    });
    const live = registerLive(deps.liveSockets, exchange, admission, {
      trail,
      kind: 'socket',
      turn,
      end: exchange.end,
      plan,
    });
    const note = ({ bytes }: TunnelResult): void => {
      trail.bytes = bytes;
      if (live.hasEnded()) trail.code = 'ACCESS_ENDED';
    };
    const carried = (live.settled ?? Promise.resolve()).then(() => plan.carry(exchange.signal));
    return carried.then(note).finally(() => live.release());
  }

  const askerOf = ({ identity }: Admission, { client }: Pick<HttpExchange, 'client'>) =>
    deps.questions.asker({ identity, client });

  return { handle, upgrade };
}

/** A page opened with `?token=`: the sign-in page names the account first, and the token leaves the address bar. */
function signInDetour(exchange: HttpExchange, trail: Trail, baseUrl: string): Answer | undefined {
  const target = exchange.request.url ?? '';
  const token = queryValues(target, 'token').at(-1);
  if (token === undefined || token === '' || !isNavigation(exchange.request, trail)) return undefined;
  trail.code = 'SIGN_IN_REQUIRED';
  const query = new URLSearchParams({ token, next: withoutParameters(target, ['token', '_xsrf']) });
  return {
    status: 302,
    headers: {
      location: `${baseUrl}gate/login?${query.toString()}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    body: '',
  };
}

function endSocket(socket: Duplex, answer: Answer, trail: Trail): void {
  if (socket.destroyed) return;
  socket.end(
    rawAnswer({ ...answer, headers: { ...answer.headers, 'x-request-id': trail.id, connection: 'close' } }),
  );
}
