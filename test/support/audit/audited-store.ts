/** A database with an audit: a store, a key, checkpoints, and a hand that reaches past all of them into the tables. */
import { generateKeyPairSync } from 'node:crypto';
import type { Clock } from '../../../src/core/clock.ts';
import { createCheckpointer } from '../../../src/manage/audit/checkpointer.ts';
import type { Checkpointer } from '../../../src/manage/audit/checkpointer.ts';
import type { CutDeps } from '../../../src/manage/audit/cut-audit.ts';
import { readCheckpoint } from '../../../src/manage/audit/statements.ts';
import { verifyAudit } from '../../../src/manage/audit/verify-audit.ts';
import type { Verification } from '../../../src/manage/audit/verify-audit.ts';
import { keyId } from '../../../src/record/audit-key.ts';
import type { AuditKey, PublicKeys } from '../../../src/record/audit-key.ts';
import type { Store } from '../../../src/store/store.ts';

export interface AuditedStore {
  readonly store: Store;
  readonly clock: { now(): number; tick(milliseconds: number): void };
  readonly key: AuditKey;
  readonly keys: PublicKeys;
  readonly cut: CutDeps;
  /** Runs a statement as somebody who has the database and not the gate. */
  readonly sql: (statement: string) => Promise<void>;
  /** Adds `count` entries and signs; gives the checkpoint's line. */
  write(count: number): Promise<string>;
  append(count: number): Promise<void>;
  /** What the gate keeps outside the database. */
  kept: string | undefined;
  readonly alarms: string[];
  /** As after a restart: with what was kept, and nothing else. */
  checkpointer(): Promise<Checkpointer>;
  verify(...lines: readonly string[]): Promise<Verification>;
  /** The findings as `kind seq`. */
  found(...lines: readonly string[]): Promise<string[]>;
}

export function makeAuditKey(): { readonly key: AuditKey; readonly keys: PublicKeys } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const id = keyId(publicKey);
  return { key: { id, privateKey }, keys: new Map([[id, publicKey]]) };
}

export function movableClock(): AuditedStore['clock'] {
  let now = Date.parse('2026-11-22T10:00:00Z');
  return {
    now: () => now,
    tick(milliseconds) {
      now += milliseconds;
    },
  };
}

export async function createAuditedStore(
  store: Store,
  clock: ReturnType<typeof movableClock>,
  sql: AuditedStore['sql'],
): Promise<AuditedStore> {
  const { key, keys } = makeAuditKey();
  const append = async (count: number): Promise<void> => {
    const entries = Array.from({ length: count }, (_, index) => anEntry(clock, `t${index}`));
    await store.transaction((tx) => tx.audit.append(...entries));
  };
  let running: Promise<Checkpointer> | undefined;
  const audited: AuditedStore = {
    store,
    clock,
    key,
    keys,
    cut: { management: { store, clock }, key, keys },
    sql,
    kept: undefined,
    alarms: [],
    append,
    async write(count) {
      await append(count);
      const signed = await (await (running ??= audited.checkpointer())).sign();
      clock.tick(60_000);
      return signed?.line ?? '';
    },
    checkpointer: () =>
      createCheckpointer({
        store,
        clock,
        key,
        keys,
        kept: {
          read: () => Promise.resolve(audited.kept),
          write: (line) => Promise.resolve(void (audited.kept = line)),
        },
        announce: () => {},
        alarm: ({ line }) => audited.alarms.push(line),
      }),
    verify: (...lines) => {
      const expected = lines.map((line) => readCheckpoint(line)).filter((read) => read !== undefined);
      return verifyAudit({ audit: store.read.audit, keys, expected });
    },
    found: async (...lines) =>
      (await audited.verify(...lines)).findings.map(({ kind, seq }) => `${kind} ${seq}`),
  };
  return audited;
}

export function anEntry(clock: Clock, target: string) {
  return {
    at: clock.now(),
    actor: 'ada',
    address: '192.0.2.7',
    what: 'test.change',
    target,
    before: null,
    after: { n: 1, text: 'ü "quoted"' },
    revision: 3,
  };
}
