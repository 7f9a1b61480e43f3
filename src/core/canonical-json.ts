/** One text for each JSON value, so that two values are the same exactly when their texts, and their hashes, are (RFC 8785). */

/** Half a surrogate pair: UTF-8 cannot hold it, so no hash could be taken twice. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * `value` as RFC 8785 writes it: no blanks, members in the order of their names' UTF-16 code units, numbers and strings as
 * ECMAScript's JSON does. What JSON has no form for becomes what `JSON.stringify` makes of it, half a surrogate pair U+FFFD.
 */
export function canonicalJson(value: unknown): string {
  return written(plain(value)) ?? 'null';
}

/** `text` as it is stored and hashed: databases keep neither half a surrogate pair nor, in PostgreSQL, U+0000. */
export function storableText(text: string): string {
  return wellFormed(text).replaceAll('\0', '\uFFFD');
}

/** Undefined for what JSON leaves out. */
function written(value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(wellFormed(value));
  if (Array.isArray(value)) return `[${value.map((item) => written(plain(item)) ?? 'null').join(',')}]`;
  if (typeof value === 'object' && value !== null) return writtenObject(value);
  return JSON.stringify(value);
}

function writtenObject(value: object): string {
  const members: string[] = [];
  // Without an argument `sort` compares UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  for (const name of Object.keys(value).toSorted()) {
    const member = written(plain((value as Readonly<Record<string, unknown>>)[name]));
    if (member !== undefined) members.push(`${JSON.stringify(wellFormed(name))}:${member}`);
  }
  return `{${members.join(',')}}`;
}

/** What JSON makes of an object that says so itself, such as a date. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value;
  return typeof value.toJSON === 'function' ? (value.toJSON() as unknown) : value;
}

function wellFormed(text: string): string {
  return text.replaceAll(LONE_SURROGATE, '\uFFFD');
}
