/** Signs the end of the audit whenever there is something new, and notices when what it signed is not there any more. */
import type { Clock } from '../../core/clock.ts';
import { NO_HASH, sha256 } from '../../core/audit-entry.ts';
import type { AuditKey, PublicKeys } from '../../record/audit-key.ts';
import { checkSignature } from '../../record/signed-line.ts';
import { createQueue } from '../../store/queue.ts';
import type { AuditReader, CheckpointRow, Repositories, Store } from '../../store/store.ts';
import { gateActor } from '../actor.ts';
import { MISMATCH_ENTRY } from './check-chain.ts';
import { newestCut } from './newest-cut.ts';
import { readCheckpoint, signCheckpoint } from './statements.ts';
import type { Checkpoint, Stated } from './statements.ts';

export interface CheckpointerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly key: AuditKey;
  readonly keys: PublicKeys;
  /** The newest checkpoint of this gate, outside the database. */
  readonly kept: { read(): Promise<string | undefined>; write(line: string): Promise<void> };
  /** Told of each new one, once it is durable. */
  readonly announce: (checkpoint: Stated<Checkpoint>) => void;
  /** Told when what was signed is gone. */
  readonly alarm: (lost: Stated<Checkpoint>) => void;
}

export interface Checkpointer {
  /** Signs what is new; undefined when nothing is. */
  sign(): Promise<Stated<Checkpoint> | undefined>;
}

/** Begins with the checkpoint kept by the run before; one whose signature does not hold is left aside. */
export async function createCheckpointer(deps: CheckpointerDeps): Promise<Checkpointer> {
  const { store, key, clock } = deps;
  let last = readCheckpoint((await deps.kept.read()) ?? '');
  if (last !== undefined && checkSignature(last.line, deps.keys) !== 'valid') last = undefined;
  const inOrder = createQueue();

  async function sign(): Promise<Stated<Checkpoint> | undefined> {
    const head = await store.read.audit.head();
    if (head.seq === last?.seq && head.hash === last.hash) return undefined;
    const signed = await store.transaction((tx) => signIn(tx));
    if (signed === undefined) return undefined;
    last = signed;
    deps.announce(signed);
    await deps.kept.write(signed.line);
    return signed;
  }

  async function signIn(tx: Repositories): Promise<Stated<Checkpoint> | undefined> {
    const before = await tx.audit.latestCheckpoint();
    const isGone = last !== undefined && !(await stillHolds(tx.audit, last));
    if (last !== undefined && isGone) {
      deps.alarm(last);
      await noteGone(tx, last, clock.now());
    }
    const { seq, hash } = await tx.audit.lockHead();
    // Another gate was quicker.
    if (before !== undefined && before.seq >= seq && !isGone) return undefined;
    const at = clock.now();
    const number = (before?.number ?? 0) + 1;
    const previous = before === undefined ? NO_HASH : sha256(before.line);
    const line = signCheckpoint(key, { number, seq, hash, at, previous });
    await tx.audit.insertCheckpoint({ number, seq, at, line });
    return { number, seq, hash, at, previous, line, key: key.id };
  }

  async function stillHolds(
    audit: AuditReader,
    { number, seq, hash, line }: Stated<Checkpoint>,
  ): Promise<boolean> {
    const [row]: CheckpointRow[] = await audit.checkpoints({ after: number - 1, limit: 1 });
    if (row?.line === line && (await audit.find(seq))?.hash === hash) return true;
    const cut = await newestCut(audit, deps.keys);
    return cut !== undefined && cut.checkpoint > number && cut.through >= seq;
  }

  return { sign: () => inOrder(sign) };
}

/** In the audit itself, so that it is known for good. */
async function noteGone(tx: Repositories, lost: Stated<Checkpoint>, at: number): Promise<void> {
  const { revision } = await tx.state.counters();
  await tx.audit.append({
    at,
    actor: gateActor.subject,
    address: '',
    via: 'gate',
    what: MISMATCH_ENTRY,
    target: `checkpoint ${lost.number}`,
    before: { statement: lost.line },
    after: null,
    revision,
  });
}
