/** Takes away entries that are too old: at a checkpoint, after a look whether they are sound, with a signed entry that says so. */
import type { AuditKey, PublicKeys } from '../../record/audit-key.ts';
import { gateActor } from '../actor.ts';
import type { Management } from '../management.ts';
import { CUT_ENTRY, newestCut } from './newest-cut.ts';
import { readCheckpoint, signCut } from './statements.ts';
import type { Cut } from './statements.ts';
import { verifyAudit } from './verify-audit.ts';

export interface CutDeps {
  readonly management: Pick<Management, 'store' | 'clock'>;
  readonly key: AuditKey;
  readonly keys: PublicKeys;
}

export type CutResult =
  | { readonly outcome: 'nothing to cut' }
  | { readonly outcome: 'cut'; readonly through: number }
  /** Nothing was taken away: what is not sound must stay to be looked at. */
  | { readonly outcome: 'not sound' };

/** Before each cut all of the audit is looked at, which takes a while. */
const MOST_OFTEN = 86_400_000;
/** Rows taken away in one transaction. */
const SLICE = 500;

/** Keeps `retention` milliseconds and what came after the last checkpoint before them. Cuts once a day at most. */
export async function cutAudit(deps: CutDeps, retention: number): Promise<CutResult> {
  const { store, clock } = deps.management;
  const now = clock.now();
  const known = await newestCut(store.read.audit, deps.keys);
  const row = await store.read.audit.checkpointBefore(now - retention);
  const checkpoint = row === undefined ? undefined : readCheckpoint(row.line);
  const isRecent = known !== undefined && now - known.at < MOST_OFTEN;
  if (isRecent || checkpoint === undefined || checkpoint.number <= (known?.checkpoint ?? 0)) {
    if (known !== undefined) await remove(deps, known);
    return { outcome: 'nothing to cut' };
  }
  if (!(await verifyAudit({ audit: store.read.audit, keys: deps.keys })).valid)
    return { outcome: 'not sound' };
  const cut = { through: checkpoint.seq, hash: checkpoint.hash, at: now, checkpoint: checkpoint.number };
  if (await announce(deps, cut)) await remove(deps, cut);
  return { outcome: 'cut', through: cut.through };
}

/** First the entry, then the removal: what is left when the gate ends in between is cut and only not yet gone. */
async function announce({ management, key, keys }: CutDeps, cut: Cut): Promise<boolean> {
  return management.store.transaction(async (tx) => {
    const { revision } = await tx.state.counters();
    const known = await newestCut(tx.audit, keys);
    if (known !== undefined && known.checkpoint >= cut.checkpoint) return false;
    await tx.audit.append({
      at: cut.at,
      actor: gateActor.subject,
      address: '',
      via: 'clock',
      what: CUT_ENTRY,
      target: `entry ${cut.through}`,
      before: null,
      after: { through: cut.through, checkpoint: cut.checkpoint, statement: signCut(key, cut) },
      revision,
    });
    return true;
  });
}

/** A slice at a time, so that nobody waits for it. */
async function remove({ management }: CutDeps, { through, checkpoint }: Cut): Promise<void> {
  const upTo = { seq: through, number: checkpoint };
  for (let removed = 1; removed > 0;)
    removed = await management.store.transaction((tx) => tx.audit.removeOldest(upTo, SLICE), {
      relaxed: true,
    });
}
