/** Brings a snapshot up to date with what other gates changed, without reading the whole policy. */
import type { Snapshot } from '../decide/decider.ts';
import type { PolicyChanges } from '../store/store.ts';

/** Revisions that are taken over in one go: each takes a tenth of a millisecond or less. */
const AT_ONCE = 50;

/**
 * `before` with the changes of later revisions, as far as they were written down. `undefined` where there is none, where one
 * is missing, or where another number of rules or grants comes out than was written: then the whole policy tells.
 */
export async function withLaterChanges(
  before: Snapshot,
  changes: PolicyChanges,
): Promise<Snapshot | undefined> {
  let snapshot: Snapshot | undefined;
  for (const { size, ...change } of await changes.since(before.revision, AT_ONCE)) {
    snapshot = (snapshot ?? before).after(change);
    if (snapshot?.size.rules !== size.rules || snapshot.size.grants !== size.grants) return undefined;
  }
  return snapshot;
}
