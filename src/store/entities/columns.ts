/** Column kinds shared by the entities, so that both databases give back the same JavaScript values. */
import type { EntitySchemaColumnOptions, ValueTransformer } from 'typeorm';
import { canonicalJson } from '../../core/canonical-json.ts';

/** PostgreSQL's driver returns `bigint` as text, SQLite's as a number: epoch milliseconds fit a number. */
const asNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
};

/** Text in both directions; `undefined` is kept as JSON's `null`, SQL's NULL comes back as `null`. */
const asJson: ValueTransformer = {
  to: (value: unknown) => JSON.stringify(value ?? null),
  from: (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : null),
};

/** The one text of a JSON value, which a hash was taken of. */
const asCanonicalJson: ValueTransformer = {
  to: canonicalJson,
  from: (value: unknown) => canonicalValue(String(value)),
};

/** The value behind a canonical text. Any other text, which the gate did not write, stays a text, and no hash fits it. */
export function canonicalValue(stored: string): unknown {
  try {
    const value: unknown = JSON.parse(stored);
    return canonicalJson(value) === stored ? value : stored;
  } catch {
    return stored;
  }
}

/** Text column called `name`. */
export function text(name: string): EntitySchemaColumnOptions {
  return { name, type: 'text' };
}

/** Text column that may be NULL. */
export function optionalText(name: string): EntitySchemaColumnOptions {
  return { name, type: 'text', nullable: true };
}

/** Text column that is (part of) the primary key. */
export function key(name: string): EntitySchemaColumnOptions {
  return { name, type: 'text', primary: true };
}

/** Whole number up to 2^53, given by the database on insert. */
export function generatedId(name: string): EntitySchemaColumnOptions {
  return { name, type: 'bigint', primary: true, generated: 'increment', transformer: asNumber };
}

/** Whole number up to 2^53: counters, sizes and epoch milliseconds. */
export function whole(name: string): EntitySchemaColumnOptions {
  return { name, type: 'bigint', transformer: asNumber };
}

/** Whole number that may be NULL. */
export function optionalWhole(name: string): EntitySchemaColumnOptions {
  return { name, type: 'bigint', nullable: true, transformer: asNumber };
}

/** Any JSON value, kept as text so that both databases hold the same bytes. */
export function json(name: string): EntitySchemaColumnOptions {
  return { name, type: 'text', transformer: asJson };
}

/** Any JSON value in its canonical form. */
export function canonical(name: string): EntitySchemaColumnOptions {
  return { name, type: 'text', transformer: asCanonicalJson };
}

/** Whole number that is the primary key and is given by us. */
export function wholeKey(name: string): EntitySchemaColumnOptions {
  return { name, type: 'bigint', primary: true, transformer: asNumber };
}
