/** Casbin's five effects over the rules a question found, in Casbin's order, with the rule Casbin names. */
import type { Effect } from '../effects.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { Asked } from './compile-test.ts';
import type { Bucket, Entry } from './shelf.ts';

/** What a question found. */
export interface Found {
  /** Place of the rule that allows without more and counts, or -1. */
  allow: number;
  /** Place of the first rule that denies without more, or -1. */
  deny: number;
  /** What is left to evaluate. */
  readonly entries: Entry[];
}

export interface Judgement {
  readonly allowed: boolean;
  /** Place of the rule that decided, or -1. */
  readonly at: number;
  /** The rule whose evaluation failed, and how. */
  readonly failed?: { readonly row: PolicyRow; readonly error: unknown };
}

/** Which rules count for a question; rules that deny always do. */
export interface Counting {
  readonly effect: Effect;
  /** Whether a rule that allows without a condition counts. */
  readonly allows: boolean;
  /** Whether only rules count that name `'?'`. */
  readonly isUnknownOwner: boolean;
  /** Only these subjects' rules count; `undefined` for all. */
  readonly narrowed: ReadonlySet<string> | undefined;
}

export function nothingFound(): Found {
  return { allow: -1, deny: -1, entries: [] };
}

/** Adds what counts of a bucket. */
export function collect(found: Found, bucket: Bucket, counting: Counting): void {
  if (bucket.allow !== -1 && counting.allows) {
    const isLater = bucket.allow > found.allow;
    if (found.allow === -1 || isLater === (counting.effect === 'allow-and-deny')) found.allow = bucket.allow;
  }
  if (bucket.deny !== -1 && (found.deny === -1 || bucket.deny < found.deny)) found.deny = bucket.deny;
  for (const entry of bucket.entries) if (counts(entry.row, counting)) found.entries.push(entry);
}

/** Whether a rule counts. */
export function counts(row: PolicyRow, { isUnknownOwner, narrowed }: Counting): boolean {
  if (row.isDeny) return true;
  return (!isUnknownOwner || row.namesUnknownOwner) && (narrowed === undefined || narrowed.has(row.subject));
}

/** What Casbin answers. */
export function judge(effect: Effect, found: Found, asked: Asked): Judgement {
  const { entries } = found;
  if (entries.length > 1) entries.sort((a, b) => a.at - b.at);
  const stop = stopOf(effect, found);
  let last = effect === 'allow-and-deny' ? found.allow : -1;
  for (const { at, row, check } of entries) {
    if (stop !== -1 && at > stop) break;
    try {
      if (check !== undefined && !check(asked, row.values)) continue;
    } catch (error) {
      return { allowed: false, at: -1, failed: { row, error } };
    }
    if (decides(effect, row.isDeny)) return { allowed: !row.isDeny, at };
    if (effect === 'allow-and-deny' && at > last) last = at;
  }
  if (stop !== -1) return { allowed: stop !== found.deny, at: stop };
  return { allowed: effect === 'deny-override' || last !== -1, at: last };
}

/** Place of the first rule that is known to match and to end Casbin's walk, or -1. */
function stopOf(effect: Effect, { allow, deny }: Found): number {
  if (effect === 'allow-override') return allow;
  if (effect === 'allow-and-deny' || effect === 'deny-override') return deny;
  if (allow === -1 || deny === -1) return Math.max(allow, deny);
  return Math.min(allow, deny);
}

/** Whether a matching rule ends Casbin's walk. */
function decides(effect: Effect, isDeny: boolean): boolean {
  if (effect === 'allow-override') return !isDeny;
  if (effect === 'allow-and-deny' || effect === 'deny-override') return isDeny;
  return true;
}
