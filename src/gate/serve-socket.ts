/** The rest of the way of an admitted upgrade: a tunnel byte for byte, or a bridge that filters what is shown. */
import type { Forwarder, TunnelRequest, TunnelResult } from '../forward/forwarder.ts';
import type { Asker } from '../present/presenter.ts';
import { filterEvent } from '../present/events.ts';
import type { Admission } from './admit.ts';
import type { SocketExchange } from './gate.ts';
import { withOwnSessionId } from './own-session-id.ts';

/** Carries the socket until both ends are closed. Rejects with an `AppError` while nothing was sent to the client. */
export function serveSocket(
  forwarder: Forwarder,
  { request, socket, head, client, signal }: SocketExchange,
  { classified, identity }: Admission,
  asker: Asker,
): Promise<TunnelResult> {
  const upstream: TunnelRequest = {
    target: withOwnSessionId(classified.target, identity.subject),
    headers: request.headers,
    client,
    subject: identity.subject,
    signal,
  };
  if (classified.socket === 'events') {
    return forwarder.bridge(upstream, socket, head, { onServerText: (text) => filterEvent(text, asker) });
  }
  return forwarder.tunnel(upstream, socket, head);
}
