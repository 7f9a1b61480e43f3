/** Reads the whole policy. Raw rows in slices: building 200,000 entities, or one huge result, would hold up every request. */
import type { EntityManager } from 'typeorm';
import type { GrantRecord, PolicyDocument, RuleRecord } from '../core/policy.ts';
import { readCounters } from './counters.ts';
import { modelEntity } from './entities/policy.ts';
import { parseFields } from './rule-fields.ts';

/** Rows of one slice: what SQLite reads and converts in a few milliseconds on a slow machine. */
const SLICE = 500;

interface RawRule {
  readonly id: number | string;
  readonly fields: string;
  readonly preset: string;
  readonly created_at: number | string;
  readonly created_by: string;
}
interface RawGrant {
  readonly id: number | string;
  readonly subject: string;
  readonly role: string;
  readonly server: string;
  readonly starts_at: number | string | null;
  readonly expires_at: number | string | null;
  readonly created_at: number | string;
  readonly created_by: string;
}

/** The policy as `manager` sees it; `undefined` before the first model. `manager` must be bound to one snapshot. */
export async function readPolicy(manager: EntityManager): Promise<PolicyDocument | undefined> {
  const [model] = await manager.find(modelEntity, { order: { version: 'DESC' }, take: 1 });
  if (!model) return undefined;
  const { revision } = await readCounters(manager);
  const rules = await inSlices(
    createRuleReader(),
    (after) =>
      manager.sql<RawRule[]>`SELECT id, fields, preset, created_at, created_by FROM gate_rules
      WHERE id > ${after} ORDER BY id LIMIT ${SLICE}`,
  );
  const grants = await inSlices(
    createGrantReader(),
    (after) =>
      manager.sql<RawGrant[]>`SELECT id, subject, role, server, starts_at, expires_at, created_at, created_by
      FROM gate_grants WHERE id > ${after} ORDER BY id LIMIT ${SLICE}`,
  );
  return { revision, model, rules, grants };
}

async function inSlices<Raw extends { readonly id: number | string }, Item>(
  convert: (raw: Raw) => Item,
  next: (after: number) => Promise<Raw[]>,
): Promise<Item[]> {
  const items: Item[] = [];
  let after = 0;
  for (;;) {
    const slice = await next(after);
    for (const raw of slice) items.push(convert(raw));
    const last = slice.at(-1);
    if (!last || slice.length < SLICE) return items;
    after = Number(last.id);
    // SQLite answers synchronously: let waiting requests run between two slices
    await new Promise(setImmediate);
  }
}

/** Rules of many rows say the same few things: they share the texts. */
function createRuleReader(): (raw: RawRule) => RuleRecord {
  const shared = createSharedTexts();
  return (raw) => {
    const fields: Record<string, string> = {};
    for (const [name, value] of Object.entries(parseFields(raw.fields))) fields[name] = shared(value);
    return {
      id: Number(raw.id),
      fields,
      preset: raw.preset === '' ? null : shared(raw.preset),
      createdAt: Number(raw.created_at),
      createdBy: shared(raw.created_by),
    };
  };
}

function createGrantReader(): (raw: RawGrant) => GrantRecord {
  const shared = createSharedTexts();
  return (raw) => ({
    id: Number(raw.id),
    subject: raw.subject,
    role: shared(raw.role),
    server: shared(raw.server),
    startsAt: raw.starts_at === null ? null : Number(raw.starts_at),
    expiresAt: raw.expires_at === null ? null : Number(raw.expires_at),
    createdAt: Number(raw.created_at),
    createdBy: shared(raw.created_by),
  });
}

/** Texts that are remembered; beyond it, what is new is not shared. */
const MAX_TEXTS = 20_000;

/** A function that gives one and the same string for equal ones. */
function createSharedTexts(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size < MAX_TEXTS) known.set(text, text);
    return text;
  };
}
