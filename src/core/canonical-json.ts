/** One text for each JSON value, so that two values are the same exactly when their texts, and their hashes, are (RFC 8785). */

/** Half a surrogate pair: UTF-8 cannot hold it, so no hash could be taken twice. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * `value` as RFC 8785 writes it: no blanks, members in the order of their names' UTF-16 code units, numbers and strings as
 * ECMAScript's JSON does. What JSON has no form for becomes what `JSON.stringify` makes of it, half a surrogate pair U+FFFD.
 */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value ?? null) as string | undefined;
  return text === undefined ? 'null' : written(JSON.parse(text));
}

/** `text` as it is stored and hashed: databases keep neither half a surrogate pair nor, in PostgreSQL, U+0000. */
export function storableText(text: string): string {
  return wellFormed(text).replaceAll('\0', '\uFFFD');
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value === 'object' && value !== null) return writtenObject(value);
  return JSON.stringify(typeof value === 'string' ? wellFormed(value) : value);
}

function writtenObject(value: object): string {
  // `<` compares UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(wellFormed(name))}:${written(member)}`).join(',')}}`;
}

function wellFormed(text: string): string {
  return text.replaceAll(LONE_SURROGATE, '\uFFFD');
}
