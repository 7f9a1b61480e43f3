/** Goes through the whole audit and says what in it is not as the gate wrote it. */
import { setImmediate as turn } from 'node:timers/promises';
import type { PublicKeys } from '../../record/audit-key.ts';
import type { Audit, AuditReader, AuditRecord } from '../../store/store.ts';
import { createChainCheck } from './check-chain.ts';
import { createCheckpointCheck } from './check-checkpoints.ts';
import { createFindings } from './findings.ts';
import type { Finding } from './findings.ts';
import { newestCut } from './newest-cut.ts';
import type { Checkpoint, Stated } from './statements.ts';

export interface VerifyInput {
  readonly audit: Audit;
  /** Whose signatures count. */
  readonly keys: PublicKeys;
  /** Checkpoints that were kept elsewhere: what they cover must still be there. */
  readonly expected?: readonly Stated<Checkpoint>[] | undefined;
}

export interface Verification {
  readonly valid: boolean;
  readonly entries: number;
  /** Numbers of the first and the last entry; 0 when there are none. */
  readonly first: number;
  readonly last: number;
  /** Last entry that a signed checkpoint covers: what comes later is chained and not signed yet. */
  readonly covered: number;
  readonly checkpoints: number;
  /** The first hundred. */
  readonly findings: readonly Finding[];
  /** All of them. */
  readonly problems: number;
}

const SLICE = 200;

/** Reads one state of the database, in slices, and changes nothing. */
export function verifyAudit({ audit, keys, expected = [] }: VerifyInput): Promise<Verification> {
  return audit.snapshot(async (reader) => {
    const findings = createFindings();
    const cut = await newestCut(reader, keys);
    const chain = createChainCheck(findings, cut);
    const checkpoints = createCheckpointCheck({ reader, keys, expected, findings, cut });
    for await (const slice of slices(reader)) {
      for (const entry of slice) chain.next(entry);
      const hashes = new Map(slice.map(({ seq, hash }) => [seq, hash]));
      await checkpoints.until(chain.last, (seq) => hashes.get(seq));
    }
    chain.end(await reader.head());
    await checkpoints.end(chain.last);
    return {
      valid: findings.count === 0,
      entries: chain.entries,
      first: chain.first,
      last: chain.last,
      covered: checkpoints.covered,
      checkpoints: checkpoints.count,
      findings: findings.listed,
      problems: findings.count,
    };
  });
}

async function* slices(reader: AuditReader): AsyncGenerator<readonly AuditRecord[]> {
  for (let after = 0; ;) {
    const slice = await reader.slice({ after, limit: SLICE });
    const last = slice.at(-1);
    if (last === undefined) return;
    yield slice;
    after = last.seq;
    // SQLite answers at once: let waiting requests run between two slices.
    await turn();
  }
}
