/** The audit: entries chained by their hashes, and the checkpoints over them. `append` is the one way in. */
import { Between, LessThanOrEqual } from 'typeorm';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import type { AuditRecord, NewAuditEntry } from '../../core/audit-entry.ts';
import { entryHash } from '../../core/audit-entry.ts';
import { canonicalJson, storableText } from '../../core/canonical-json.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Audit, AuditFilter, AuditHead, AuditReader } from '../audit-contract.ts';
import { HEAD_ID, auditEntity, checkpointEntity } from '../entities/audit.ts';
import { readAuditSlice, removeOldestRows } from '../audit-rows.ts';
import type { Session } from '../session.ts';
import { insertRows } from './insert-rows.ts';
import { below, beyond, given } from './page.ts';

const REFUSED: readonly Refusal['what'][] = ['request.refused', 'admin.refused', 'session.refused'];

export function createAudit(session: Session): Audit {
  const insertAll = async (entries: readonly NewAuditEntry[]): Promise<void> => {
    const { seq, hash } = await reserve(session, entries.length);
    const rows = chain(entries, { seq: seq - entries.length, hash });
    await insertRows(session, auditEntity, rows);
    const last = rows.at(-1)?.hash ?? hash;
    await session.write(
      (manager) => manager.sql`UPDATE gate_audit_head SET hash = ${last} WHERE id = ${HEAD_ID}`,
    );
  };
  return {
    ...createAuditReader((work) => session.read(work)),
    append: async (...entries) => {
      if (entries.length > 0) await insertAll(entries);
    },
    lockHead: () => reserve(session, 0),
    insertCheckpoint: (checkpoint) => insertRows(session, checkpointEntity, [checkpoint]),
    removeOldest: ({ seq, number }, limit) =>
      session.write(async (manager) => {
        const entries = await removeOldestRows(manager, {
          table: 'gate_audit',
          column: 'seq',
          upTo: seq,
          limit,
        });
        const before = {
          table: 'gate_audit_checkpoints',
          column: 'number',
          upTo: number - 1,
          limit,
        } as const;
        return entries + (await removeOldestRows(manager, before));
      }),
    snapshot: (work) => session.snapshot((manager) => work(createAuditReader((read) => read(manager)))),
  };
}

type Read = <T>(work: (manager: EntityManager) => Promise<T>) => Promise<T>;

function createAuditReader(read: Read): AuditReader {
  return {
    list: (filter, page) =>
      read((manager) =>
        manager.find(auditEntity, {
          where: conditions(filter).map((condition) => ({ ...condition, ...below('seq', page) })),
          order: { seq: 'DESC' },
          take: page.limit,
        }),
      ),
    slice: (page) => read((manager) => readAuditSlice(manager, page)),
    find: async (seq) => (await read((manager) => manager.findOneBy(auditEntity, { seq }))) ?? undefined,
    head: () => read(readHead),
    checkpoints: (page) =>
      read((manager) =>
        manager.find(checkpointEntity, {
          where: beyond('number', page),
          order: { number: 'ASC' },
          take: page.limit,
        }),
      ),
    latestCheckpoint: () => read((manager) => newestCheckpoint(manager, {})),
    checkpointBefore: (at) => read((manager) => newestCheckpoint(manager, { at: LessThanOrEqual(at) })),
  };
}

/** Several mean: any of them. */
function conditions(filter: AuditFilter): FindOptionsWhere<AuditRecord>[] {
  const { actor, what, target, subject, since = 0, until = Number.MAX_SAFE_INTEGER } = filter;
  const common = { ...given({ actor, target }), at: Between(since, until - 1), ...whatCondition(what) };
  if (subject === undefined) return [common];
  const done = [
    { ...common, target: subject },
    { ...common, target: beginningWith(`${subject} `) },
  ];
  const refused = refusals(what, actor, subject).map((each) => ({ ...common, what: each, actor: subject }));
  return [...done, ...refused];
}

/** What was refused to somebody was asked by them. */
function refusals(what: string | undefined, actor: string | undefined, subject: string): Refusal['what'][] {
  if (actor !== undefined && actor !== subject) return [];
  return REFUSED.filter((each) => what === undefined || each === what || each.startsWith(`${what}.`));
}

function whatCondition(what: string | undefined): FindOptionsWhere<AuditRecord> {
  if (what === undefined) return {};
  return { what: what.includes('.') ? what : beginningWith(`${what}.`) };
}

/** A range of keys, which an index answers. */
function beginningWith(text: string): ReturnType<typeof Between<string>> {
  return Between(text, `${text}\u{10FFFF}`);
}

async function newestCheckpoint(
  manager: EntityManager,
  where: FindOptionsWhere<{ number: number; seq: number; at: number; line: string }>,
) {
  const [newest] = await manager.find(checkpointEntity, { where, order: { number: 'DESC' }, take: 1 });
  return newest;
}

async function readHead(manager: EntityManager): Promise<AuditHead> {
  const [head] = await manager.sql<
    { readonly seq: number | string; readonly hash: string }[]
  >`SELECT seq, hash FROM gate_audit_head WHERE id = ${HEAD_ID}`;
  if (head === undefined) throw new TypeError('expected the end of the audit, received none');
  return { seq: Number(head.seq), hash: head.hash };
}

/**
 * Locks the end of the chain, adds `count` to its number and gives it, with the hash that is still the one before.
 * Written before it is read: on PostgreSQL the update is the lock, and what is read after it is the newest.
 */
async function reserve(session: Session, count: number): Promise<AuditHead> {
  return session.write(async (manager) => {
    await manager.sql`UPDATE gate_audit_head SET seq = seq + ${count} WHERE id = ${HEAD_ID}`;
    return readHead(manager);
  });
}

function chain(entries: readonly NewAuditEntry[], head: AuditHead): AuditRecord[] {
  let { seq, hash: previous } = head;
  return entries.map((entry) => {
    seq += 1;
    const linked = { ...storable(entry), seq, previous };
    const hash = entryHash(linked);
    previous = hash;
    return { ...linked, hash };
  });
}

/** The entry exactly as it will be read back: what is hashed must be what is stored. */
function storable(entry: NewAuditEntry): Omit<AuditRecord, 'seq' | 'previous' | 'hash'> {
  const { at, revision, before, after } = entry;
  const address = storableText(entry.address);
  return {
    at: Math.trunc(at),
    actor: storableText(entry.actor),
    address,
    via: entry.via ?? (address === '' ? 'gate' : 'proxy'),
    what: storableText(entry.what),
    target: storableText(entry.target),
    before: JSON.parse(canonicalJson(before)) as unknown,
    after: JSON.parse(canonicalJson(after)) as unknown,
    revision,
  };
}
