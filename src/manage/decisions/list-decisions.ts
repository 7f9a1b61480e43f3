/** Reads the decision log. */
import type { DecisionPlace, DecisionRecord } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';

export interface DecisionFilter {
  readonly subject?: string | undefined;
  readonly code?: string | undefined;
}

/** A cursor: `TIME.NUMBER`. Entries come by the time their request began, so neither alone says where one stands. */
export const DECISION_CURSOR = /^(\d{1,15})\.(\d{1,15})$/;

/** Newest first. */
export function listDecisions(
  management: Management,
  filter: DecisionFilter,
  { after, limit }: PageInput<string>,
): Promise<Page<DecisionRecord, string>> {
  return readPage(
    { after, limit },
    (page) => management.store.read.decisions.list(filter, { after: placeOf(page.after), limit: page.limit }),
    ({ at, seq }) => `${at}.${seq}`,
  );
}

function placeOf(cursor: string | undefined): DecisionPlace | undefined {
  const [, at, seq] = DECISION_CURSOR.exec(cursor ?? '') ?? [];
  return at === undefined || seq === undefined ? undefined : { at: Number(at), seq: Number(seq) };
}
