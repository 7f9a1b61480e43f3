/** Reads the decision log. */
import type { DecisionEntry } from '../../core/entry.ts';
import type { Management } from '../management.ts';

export interface DecisionFilter {
  readonly subject?: string | undefined;
  readonly code?: string | undefined;
}

/** Newest first, at most `limit`. */
export async function listDecisions(
  management: Management,
  filter: DecisionFilter,
  limit: number,
): Promise<readonly DecisionEntry[]> {
  return management.store.read.decisions.list(filter, limit);
}
