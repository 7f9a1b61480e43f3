/** What the gate's own pages and the first checks learn about a request that the gate function never sees. */
import type Koa from 'koa';
import type { DecisionEntry } from '../core/entry.ts';

export type OwnNotes = Partial<Pick<DecisionEntry, 'route' | 'subject' | 'credential' | 'code'>>;

/** Adds to what the record will say; what is noted last counts. Never a code, token or password. */
export function note(ctx: Pick<Koa.Context, 'state'>, notes: OwnNotes): void {
  ctx.state['notes'] = { ...(ctx.state['notes'] as OwnNotes | undefined), ...notes };
}
