/** What the server knows of a request before anybody asked who it is from: `ctx.state` of the Koa app. */
import type { ClientInfo } from '../../core/http.ts';

export interface RequestState {
  /** In the record and in `X-Request-Id` of the answer. */
  id: string;
  /** Epoch milliseconds at which it arrived. */
  at: number;
  client: ClientInfo;
}
