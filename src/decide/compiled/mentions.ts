/** How many rules of a group look at something, such as the time; those that allow, by their subject. */
import { lookUp, withEntry, withoutEntry } from './persistent-map.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { Edit, PersistentMap } from './persistent-map.ts';

export interface Mentions {
  readonly denying: number;
  readonly allowing: PersistentMap<number>;
}

export const NO_MENTIONS: Mentions = { denying: 0, allowing: undefined };

/** `mentions` with one rule more or less. */
export function mentionsWith(
  { denying, allowing }: Mentions,
  { isDeny, subject }: PolicyRow,
  { by, edit }: { readonly by: 1 | -1; readonly edit: Edit },
): Mentions {
  if (isDeny) return { denying: denying + by, allowing };
  const left = (lookUp(allowing, subject) ?? 0) + by;
  const changed =
    left === 0 ? withoutEntry(allowing, subject, edit) : withEntry(allowing, subject, left, edit);
  return { denying, allowing: changed };
}

/** Whether a rule that counts is among them; `narrowed` are the subjects whose rules that allow count, if not all. */
export function isAmong({ denying, allowing }: Mentions, narrowed: ReadonlySet<string> | undefined): boolean {
  if (denying > 0) return true;
  if (narrowed === undefined) return allowing !== undefined;
  for (const subject of narrowed) if (lookUp(allowing, subject) !== undefined) return true;
  return false;
}
