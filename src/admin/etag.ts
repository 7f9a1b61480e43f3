/** Strong entity tags and the conditions clients make with them (RFC 9110, 8.8.3 and 13.1). */
import { createHash } from 'node:crypto';

/** The tag of a representation: a hash of its JSON text. */
export function etagOf(representation: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(representation)).digest('base64url').slice(0, 27)}"`;
}

/** Whether a condition's list names `tag`; `*` names anything there is. Undefined `tag`: there is nothing. */
export function namesTag(condition: string, tag: string | undefined): boolean {
  if (tag === undefined) return false;
  if (condition.trim() === '*') return true;
  // A weak tag (`W/"…"`) never matches here: If-Match wants the strong comparison, and no weak one was given out.
  return condition.split(',').some((candidate) => candidate.trim() === tag);
}
