/** A rule's fields as one canonical text, so that two rules are the same exactly when their texts are. */
import { createHash } from 'node:crypto';

type Fields = Readonly<Record<string, string>>;

/** JSON with sorted keys and no spaces. */
export function canonicalFields(fields: Fields): string {
  const sorted = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

/** SHA-256 of a canonical text, hex. */
export function fieldsHash(canonical: string): string {
  return createHash('sha256').update(canonical).digest('hex');
}

/** The fields behind a text this file wrote. */
export function parseFields(text: string): Fields {
  return JSON.parse(text) as Fields;
}
