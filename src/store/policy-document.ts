/** Reads the whole policy. Raw rows in slices: building 200,000 entities, or one huge result, would hold up every request. */
import type { EntityManager } from 'typeorm';
import type { GrantRecord, PolicyDocument, RuleRecord } from '../core/policy.ts';
import { nextTurn } from '../core/next-turn.ts';
import { readCounters } from './counters.ts';
import { modelEntity } from './entities/policy.ts';

/** Rows of one slice: what SQLite reads and converts in a few milliseconds on a slow machine. */
const SLICE = 250;

/** Columns of a rule in the order in which they are read. */
type RawRule = readonly [
  id: number,
  fields: Record<string, string>,
  preset: string,
  createdAt: number,
  createdBy: string,
];
type RawGrant = readonly [
  id: number,
  subject: string,
  role: string,
  server: string,
  startsAt: number | null,
  expiresAt: number | null,
  createdAt: number,
  createdBy: string,
];
interface Slice {
  /** A JSON list of rows; `null` when there are none. */
  readonly slice: string | null;
}

/** The policy as `manager` sees it; `undefined` before the first model. `manager` must be bound to one snapshot. */
export async function readPolicy(manager: EntityManager): Promise<PolicyDocument | undefined> {
  // what has gathered before is not collected in the middle of a slice
  await nextTurn();
  const [model] = await manager.find(modelEntity, { order: { version: 'DESC' }, take: 1 });
  if (!model) return undefined;
  const { revision } = await readCounters(manager);
  const select = manager.dataSource.options.type === 'postgres' ? POSTGRES : SQLITE;
  const read = (sql: string) => (after: number) => manager.query<Slice[]>(sql, [after]);
  const rules = await inSlices(createRuleReader(), read(select.rules));
  const grants = await inSlices(createGrantReader(), read(select.grants));
  return { revision, model, rules, grants };
}

/**
 * A slice as one text: the driver makes an object of every row and a string of every column, V8's parser does it faster. In
 * what order the rows are joined is left open: to have SQLite sort them would cost a third of the reading again.
 */
const SQLITE = {
  rules: `SELECT '[' || group_concat('[' || id || ',' || fields || ',' || json_quote(preset) || ',' || created_at || ','
    || json_quote(created_by) || ']') || ']' AS slice
    FROM (SELECT * FROM gate_rules WHERE id > ? ORDER BY id LIMIT ${SLICE})`,
  grants: `SELECT '[' || group_concat('[' || id || ',' || json_quote(subject) || ',' || json_quote(role) || ','
    || json_quote(server) || ',' || json_quote(starts_at) || ',' || json_quote(expires_at) || ',' || created_at || ','
    || json_quote(created_by) || ']') || ']' AS slice
    FROM (SELECT * FROM gate_grants WHERE id > ? ORDER BY id LIMIT ${SLICE})`,
};
const POSTGRES = {
  rules: `SELECT json_agg(json_build_array(id, fields::json, preset, created_at, created_by) ORDER BY id)::text AS slice
    FROM (SELECT * FROM gate_rules WHERE id > $1 ORDER BY id LIMIT ${SLICE}) AS rows`,
  grants: `SELECT json_agg(json_build_array(id, subject, role, server, starts_at, expires_at, created_at, created_by)
    ORDER BY id)::text AS slice
    FROM (SELECT * FROM gate_grants WHERE id > $1 ORDER BY id LIMIT ${SLICE}) AS rows`,
};

async function inSlices<Item extends { readonly id: number }>(
  convert: (row: unknown) => Item,
  next: (after: number) => Promise<readonly Slice[]>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (;;) {
    const [found] = await next(items.at(-1)?.id ?? 0);
    const rows = JSON.parse(found?.slice ?? '[]') as (readonly [id: number])[];
    for (const row of rows.sort(([one], [other]) => one - other)) items.push(convert(row));
    if (rows.length < SLICE) return items;
    // SQLite answers synchronously: let waiting requests run between two slices
    await nextTurn();
  }
}

/** Rules of many rows say the same few things: they share the texts. */
function createRuleReader(): (row: unknown) => RuleRecord {
  const shared = createSharedTexts();
  const byField = new Map<string, (text: string) => string>();
  const sharedOf = (name: string): ((text: string) => string) => {
    let known = byField.get(name);
    if (known === undefined) byField.set(name, (known = createSharedTexts()));
    return known;
  };
  return (row) => {
    const [id, fields, preset, createdAt, createdBy] = row as RawRule;
    for (const name in fields) fields[name] = sharedOf(name)(fields[name] ?? '');
    return {
      id,
      fields,
      preset: preset === '' ? null : shared(preset),
      createdAt,
      createdBy: shared(createdBy),
    };
  };
}

function createGrantReader(): (row: unknown) => GrantRecord {
  const shared = createSharedTexts();
  return (row) => {
    const [id, subject, role, server, startsAt, expiresAt, createdAt, createdBy] = row as RawGrant;
    return {
      id,
      subject,
      role: shared(role),
      server: shared(server),
      startsAt,
      expiresAt,
      createdAt,
      createdBy: shared(createdBy),
    };
  };
}

/** Texts that are remembered. With so many there is little to share, so that nothing is looked up any more. */
const MAX_TEXTS = 20_000;

/** A function that gives one and the same string for equal ones. */
function createSharedTexts(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (known.size === MAX_TEXTS) return text;
    const found = known.get(text);
    if (found === undefined) known.set(text, text);
    return found ?? text;
  };
}
