/** What the server knows of a request before anybody asked who it is from: `ctx.state` of the Koa app. */
import type { ClientInfo } from '../../core/http.ts';
import type { OwnNotes } from '../own-notes.ts';

export interface RequestState {
  /** In the record and in `X-Request-Id` of the answer. */
  id: string;
  /** Epoch milliseconds at which it arrived. */
  at: number;
  client: ClientInfo;
  /** True once the gate has it: it is recorded there. */
  handedOver?: boolean;
  notes?: OwnNotes;
}
