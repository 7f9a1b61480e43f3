/** Registers what is under way with the watch, which ends it when its right ends. */
import { AppError } from '../core/errors.ts';
import type { LiveSocket, LiveSockets } from '../core/live-socket.ts';
import { queryValues } from '../core/target.ts';
import type { Admission } from './admit.ts';
import type { HttpExchange, SocketExchange } from './gate.ts';
import type { SocketPlan } from './serve-socket.ts';
import type { Trail } from './trail.ts';

export interface Registered {
  /** Whether the right ended meanwhile. */
  readonly hasEnded: () => boolean;
  /** Takes it out again. */
  readonly release: () => void;
}

export interface Registration {
  readonly trail: Trail;
  readonly kind: LiveSocket['kind'];
  /** Ends it. */
  readonly end: (reason: AppError) => void;
  /** What a socket rests on besides the questions it was admitted with. */
  readonly plan?: Pick<SocketPlan, 'questions' | 'stillStands'>;
}

/** When the right ends, the exchange is ended with `ACCESS_ENDED`. */
export function registerLive(
  liveSockets: LiveSockets,
  exchange: HttpExchange | SocketExchange,
  admission: Admission,
  { trail, kind, end, plan }: Registration,
): Registered {
  let hasEnded = false;
  const release = liveSockets.add({
    id: exchange.id,
    kind,
    since: exchange.at,
    route: admission.classified.route,
    address: exchange.client.address,
    identity: admission.identity,
    headers: exchange.request.headers,
    queryToken: queryValues(exchange.request.url ?? '', 'token').at(-1),
    // What it rests on most comes first: it is what the list of connections shows.
    questions: [...(plan?.questions ?? []), ...trail.questions],
    stillStands: plan?.stillStands,
    leads: admission.classified.questions.some(({ leads }) => leads === true),
    verdict: admission.verdict,
    close: (reason) => {
      hasEnded = true;
      end(new AppError('ACCESS_ENDED', { detail: reason }));
    },
  });
  return { hasEnded: () => hasEnded, release };
}
