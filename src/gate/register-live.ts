/** Registers what is under way with the watch, which ends it when its right ends. */
import type { AppError } from '../core/errors.ts';
import type { LiveSocket, LiveSockets, Watched } from '../core/live-socket.ts';
import { queryValues } from '../core/target.ts';
import type { Admission } from './admit.ts';
import type { HttpExchange, SocketExchange } from './gate.ts';
import type { SocketPlan } from './serve-socket.ts';
import type { Trail } from './trail.ts';

export interface Registered extends Watched {
  /** Whether the right ended meanwhile. */
  readonly hasEnded: () => boolean;
}

export interface Registration {
  readonly trail: Trail;
  readonly kind: LiveSocket['kind'];
  /** Ends it. */
  readonly end: (reason: AppError) => void;
  /** Of `liveSockets`, from before anything was looked at. */
  readonly turn: number;
  /** What a socket rests on besides the questions it was admitted with. */
  readonly plan?: Pick<SocketPlan, 'questions' | 'stillStands'>;
}

/** When the right ends, the exchange is ended with `ACCESS_ENDED`. */
export function registerLive(
  liveSockets: LiveSockets,
  exchange: HttpExchange | SocketExchange,
  admission: Admission,
  { trail, kind, turn, end, plan }: Registration,
): Registered {
  let hasEnded = false;
  const watched = liveSockets.add({
    id: exchange.id,
    kind,
    since: exchange.at,
    route: admission.classified.route,
    address: exchange.client.address,
    identity: admission.identity,
    headers: exchange.request.headers,
    queryToken: queryValues(exchange.request.url ?? '', 'token').at(-1),
    // What it rests on most comes first: it is what the list of connections shows.
    questions: plan === undefined ? trail.questions : [...plan.questions, ...trail.questions],
    stillStands: plan?.stillStands,
    leads: admission.classified.questions.some(({ leads }) => leads === true),
    verdict: admission.verdict,
    turn,
    close: (ending) => {
      hasEnded = true;
      end(ending);
    },
  });
  return { settled: watched.settled, release: watched.release, hasEnded: () => hasEnded };
}
