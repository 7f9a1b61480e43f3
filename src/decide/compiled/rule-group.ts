/** The rules of one subject, compiled: found by path and labels, with what is left of the matcher. */
import { bucketsOn, changeShelf } from './shelf.ts';
import { changeAt, emptyTrie, keptIn } from './path-trie.ts';
import { markOf } from './label-classes.ts';
import { mentionsWith, NO_MENTIONS } from './mentions.ts';
import { changeBucket, rulesIn } from './bucket.ts';
import type { Effect } from '../effects.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { BucketChange, Entry } from './bucket.ts';
import type { LabelClass } from './label-class.ts';
import type { Mentions } from './mentions.ts';
import type { PathTrie } from './path-trie.ts';
import type { Edit } from './persistent-map.ts';
import type { Rest } from './rest-of.ts';
import type { Shelf } from './shelf.ts';

export interface RuleGroup {
  readonly edit: Edit;
  trie: PathTrie<Shelf>;
  /** Rules that are evaluated whatever the question: Casbin may find them failing before it looks at labels or path. */
  loose: Entry[];
  size: number;
  /** Rules whose evaluation can throw. */
  failing: number;
  /** Rules that look at the time. */
  timed: Mentions;
  /** Rules that look at the kernel message. */
  messages: Mentions;
}

/** Where a rule goes. */
export interface Placed {
  readonly row: PolicyRow;
  readonly labels: LabelClass;
  readonly pattern: string;
  readonly rest: Rest;
}

export interface GroupOptions {
  readonly edit: Edit;
  readonly effect: Effect;
  /** Whether all rules of the group have one subject, so that one of several equal ones can stand for all. */
  readonly hasOneSubject: boolean;
}

/** `group` with a rule. */
export function addToGroup(group: RuleGroup | undefined, placed: Placed, options: GroupOptions): RuleGroup {
  const changed = editable(group, options.edit);
  count(changed, placed, { by: 1, edit: options.edit });
  const { row, rest } = placed;
  if (rest.isLoose) changed.loose.push({ row, check: rest.check });
  else changeTrie(changed, placed, { ...options, isAdded: true });
  return changed;
}

/** `group` without a rule that is in it; `undefined` when it was the last. */
export function removeFromGroup(
  group: RuleGroup,
  placed: Placed,
  options: GroupOptions,
): RuleGroup | undefined {
  if (group.size === 1) return undefined;
  const changed = editable(group, options.edit);
  count(changed, placed, { by: -1, edit: options.edit });
  if (placed.rest.isLoose) changed.loose = changed.loose.filter(({ row }) => row.at !== placed.row.at);
  else changeTrie(changed, placed, { ...options, isAdded: false });
  return changed;
}

/** Every rule of the group, in no order. */
export function* rowsOf(group: RuleGroup): Generator<PolicyRow> {
  for (const { row } of group.loose) yield row;
  for (const shelf of keptIn(group.trie)) {
    for (const bucket of bucketsOn(shelf)) {
      yield* rulesIn(bucket);
      for (const { row } of bucket.entries) yield row;
    }
  }
}

function editable(group: RuleGroup | undefined, edit: Edit): RuleGroup {
  if (group === undefined) {
    const none = { timed: NO_MENTIONS, messages: NO_MENTIONS };
    return { edit, trie: emptyTrie(), loose: [], size: 0, failing: 0, ...none };
  }
  return group.edit === edit ? group : { ...group, edit, loose: [...group.loose] };
}

function count(
  group: RuleGroup,
  { row, rest }: Placed,
  change: { readonly by: 1 | -1; readonly edit: Edit },
): void {
  group.size += change.by;
  if (rest.mayFail) group.failing += change.by;
  if (row.mentionsTime) group.timed = mentionsWith(group.timed, row, change);
  if (row.mentionsMessage) group.messages = mentionsWith(group.messages, row, change);
}

function changeTrie(
  group: RuleGroup,
  { row, labels, pattern, rest }: Placed,
  { edit, effect, hasOneSubject, isAdded }: GroupOptions & { readonly isAdded: boolean },
): void {
  const change: RuleChange = {
    edit,
    mark: isAdded ? markOf(labels) : 0,
    labels,
    row,
    check: rest.check,
    isShared: rest.check === undefined && hasOneSubject,
    lastAllows: effect === 'allow-and-deny',
    isAdded,
  };
  group.trie = changeAt(group.trie, { pattern, change, to: changeRule });
}

interface RuleChange extends BucketChange {
  readonly mark: number;
}

function changeRule(shelf: Shelf | undefined, change: RuleChange): Shelf | undefined {
  return changeShelf(shelf, change, changeBucket);
}
