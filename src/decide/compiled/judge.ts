/** Casbin's five effects over the rules a question found, in Casbin's order, with the rule Casbin names. */
import { spend } from '../effort.ts';
import type { Effect } from '../effects.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { Bucket, Entry } from './bucket.ts';
import type { Asked } from './compile-test.ts';

/** What a question found. */
export interface Found {
  /** The rule that allows without more and counts. */
  allow: PolicyRow | undefined;
  /** The first rule that denies without more. */
  deny: PolicyRow | undefined;
  /** What is left to evaluate. */
  entries: Entry[];
}

export interface Judgement {
  readonly allowed: boolean;
  /** The rule that decided. */
  readonly row: PolicyRow | undefined;
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

const STEPS_OF_ENTRY = 3;

export function nothingFound(): Found {
  return { allow: undefined, deny: undefined, entries: [] };
}

/** Adds what counts of a bucket. */
export function collect(found: Found, bucket: Bucket, counting: Counting): void {
  const { allow, deny, entries } = bucket;
  if (allow !== undefined && counting.allows) takeAllow(found, allow, counting);
  if (deny !== undefined) takeDeny(found, deny);
  if (entries.length === 0) return;
  spend(entries.length);
  for (const entry of entries) if (counts(entry.row, counting)) found.entries.push(entry);
}

/** Adds one rule, if it counts. */
export function collectRule(found: Found, entry: Entry, counting: Counting): void {
  const { row, check } = entry;
  if (!counts(row, counting)) return;
  if (check !== undefined) found.entries.push(entry);
  else if (row.isDeny) takeDeny(found, row);
  else takeAllow(found, row, counting);
}

/** Casbin names the last rule that allowed where it goes on to look for one that denies, and otherwise the first. */
function takeAllow(found: Found, row: PolicyRow, { effect }: Counting): void {
  if (found.allow === undefined || row.at > found.allow.at === (effect === 'allow-and-deny'))
    found.allow = row;
}

function takeDeny(found: Found, row: PolicyRow): void {
  if (found.deny === undefined || row.at < found.deny.at) found.deny = row;
}

/** Whether a rule counts. */
export function counts(row: PolicyRow, { isUnknownOwner, narrowed }: Counting): boolean {
  if (row.isDeny) return true;
  return (!isUnknownOwner || row.namesUnknownOwner) && (narrowed === undefined || narrowed.has(row.subject));
}

/** What Casbin answers. */
export function judge(asking: Found & Asked & Pick<Counting, 'effect'>): Judgement {
  const { effect, entries } = asking;
  spend(entries.length * STEPS_OF_ENTRY);
  if (entries.length > 1) entries.sort((a, b) => a.row.at - b.row.at);
  const stop = stopOf(effect, asking);
  let last = effect === 'allow-and-deny' ? asking.allow : undefined;
  for (const { row, check } of entries) {
    if (stop !== undefined && row.at > stop.at) break;
    try {
      if (check !== undefined && !check(asking, row.values)) continue;
    } catch (error) {
      return { allowed: false, row: undefined, failed: { row, error } };
    }
    if (decides(effect, row.isDeny)) return { allowed: !row.isDeny, row };
    if (effect === 'allow-and-deny' && (last === undefined || row.at > last.at)) last = row;
  }
  if (stop !== undefined) return { allowed: stop !== asking.deny, row: stop };
  return { allowed: effect === 'deny-override' || last !== undefined, row: last };
}

/** The first rule that is known to match and to end Casbin's walk. */
function stopOf(effect: Effect, { allow, deny }: Found): PolicyRow | undefined {
  if (effect === 'allow-override') return allow;
  if (effect === 'allow-and-deny' || effect === 'deny-override') return deny;
  if (allow === undefined || deny === undefined) return allow ?? deny;
  return allow.at < deny.at ? allow : deny;
}

/** Whether a matching rule ends Casbin's walk. */
function decides(effect: Effect, isDeny: boolean): boolean {
  if (effect === 'allow-override') return !isDeny;
  if (effect === 'allow-and-deny' || effect === 'deny-override') return isDeny;
  return true;
}
