/** The audit in slices, by hand: going through all of it as entities would take most of its time in building them. */
import type { EntityManager } from 'typeorm';
import type { AuditRecord, AuditVia } from '../core/audit-entry.ts';
import { canonicalValue } from './entities/columns.ts';
import type { PageRequest } from './store.ts';

interface RawEntry {
  readonly seq: number | string;
  readonly at: number | string;
  readonly actor: string;
  readonly address: string;
  readonly via: AuditVia;
  readonly what: string;
  readonly target: string;
  readonly before_json: string;
  readonly after_json: string;
  readonly revision: number | string;
  readonly previous: string;
  readonly hash: string;
}

/** Entries in the order of their numbers. */
export async function readAuditSlice(
  manager: EntityManager,
  { after = 0, limit }: PageRequest<number>,
): Promise<AuditRecord[]> {
  const rows = await manager.sql<
    RawEntry[]
  >`SELECT * FROM gate_audit WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`;
  return rows.map((row) => {
    const { before_json, after_json, ...plain } = row;
    return {
      ...plain,
      seq: Number(row.seq),
      at: Number(row.at),
      revision: Number(row.revision),
      before: canonicalValue(before_json),
      after: canonicalValue(after_json),
    };
  });
}

export interface Cut {
  readonly table: 'gate_audit' | 'gate_audit_checkpoints';
  readonly column: 'seq' | 'number';
  /** Largest number that goes. */
  readonly upTo: number;
  readonly limit: number;
}

/** Deletes the oldest rows, from the old end, so that what is left has no gap. Gives how many. */
export async function removeOldestRows(manager: EntityManager, cut: Cut): Promise<number> {
  const { table, column, upTo, limit } = cut;
  const rows = await manager.query<{ readonly n: number | string }[]>(
    `SELECT ${column} AS n FROM ${table} WHERE ${column} <= ${upTo} ORDER BY ${column} LIMIT ${limit}`,
  );
  const last = rows.at(-1);
  if (last !== undefined) await manager.query(`DELETE FROM ${table} WHERE ${column} <= ${Number(last.n)}`);
  return rows.length;
}
