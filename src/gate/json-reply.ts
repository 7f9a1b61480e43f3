/** What the Jupyter Server answered to the gate, as the reply to a request of a person. */
import type { Headers } from '../core/http.ts';

export interface JsonReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** `body` as JSON; `headers` beside its type. */
export function upstreamReply(status: number, body: unknown, headers: Headers = {}): JsonReply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body ?? null)),
  };
}
