/** The rules of one subject, compiled: found by path and labels, with what is left of the matcher. */
import { bucketsOn, changeShelf } from './shelf.ts';
import { changeAt, emptyTrie, keptIn, leading, matching } from './path-trie.ts';
import { listOf, MAX_LISTED_RULES, shelfOf } from './rule-list.ts';
import { markOf } from './label-classes.ts';
import { mentionsWith, NO_MENTIONS } from './mentions.ts';
import { changeBucket, rulesIn } from './bucket.ts';
import { patternSign } from './path-signs.ts';
import type { Effect } from '../effects.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { BucketChange, Entry } from './bucket.ts';
import type { LabelClass } from './label-class.ts';
import type { Mentions } from './mentions.ts';
import type { PathTrie, Visit, Walk } from './path-trie.ts';
import type { Edit } from './persistent-map.ts';
import type { Rest } from './rest-of.ts';
import type { ListedRule, RuleList } from './rule-list.ts';
import type { Labelled, Shelf } from './shelf.ts';

export interface RuleGroup {
  readonly edit: Edit;
  /** Every rule while there are few, except the loose ones; the trie is empty then. */
  list: RuleList | undefined;
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
  else if (changed.list === undefined) changeTrie(changed, listedRule(placed), { ...options, isAdded: true });
  else addToList(changed, changed.list, { rule: listedRule(placed), options });
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
  else if (changed.list === undefined)
    changeTrie(changed, listedRule(placed), { ...options, isAdded: false });
  else
    changed.list = listOf(
      changed.list.rules.filter(({ row }) => row.at !== placed.row.at),
      options.edit,
    );
  return changed;
}

/** A group of these rules, which are few. */
export function smallGroup(placed: readonly Placed[], { edit }: GroupOptions): RuleGroup {
  const group = emptyGroup(edit);
  const rules: ListedRule[] = [];
  for (const each of placed) {
    count(group, each, { by: 1, edit });
    if (each.rest.isLoose) group.loose.push({ row: each.row, check: each.rest.check });
    else rules.push(listedRule(each));
  }
  group.list = listOf(rules, edit);
  return group;
}

/** Visits what `pathMatch` accepts. */
export function matchingIn<W extends Walk & Labelled>(
  group: RuleGroup,
  walk: W,
  visit: Visit<Shelf, W>,
): boolean {
  if (group.list !== undefined) return visit(shelfOf(group.list, walk, { leads: false }), walk);
  return matching(group.trie, walk, visit);
}

/** Visits what `pathLeads` accepts, as `leading` does. */
export function leadingIn<W extends Walk & Labelled>(
  group: RuleGroup,
  walk: W,
  options: { readonly visit: Visit<Shelf, W>; readonly wanted?: number },
): boolean {
  if (group.list !== undefined) return options.visit(shelfOf(group.list, walk, { leads: true }), walk);
  return leading(group.trie, walk, options);
}

/** Every rule of the group, in no order. */
export function* rowsOf(group: RuleGroup): Generator<PolicyRow> {
  for (const { row } of group.loose) yield row;
  for (const { row } of group.list?.rules ?? []) yield row;
  for (const shelf of keptIn(group.trie)) {
    for (const bucket of bucketsOn(shelf)) {
      yield* rulesIn(bucket);
      for (const { row } of bucket.entries) yield row;
    }
  }
}

function editable(group: RuleGroup | undefined, edit: Edit): RuleGroup {
  if (group === undefined) return emptyGroup(edit);
  return group.edit === edit ? group : { ...group, edit, loose: [...group.loose] };
}

function emptyGroup(edit: Edit): RuleGroup {
  return {
    edit,
    list: listOf([], edit),
    trie: emptyTrie(),
    loose: [],
    size: 0,
    failing: 0,
    timed: NO_MENTIONS,
    messages: NO_MENTIONS,
  };
}

function listedRule({ row, labels, pattern, rest }: Placed): ListedRule {
  return { row, check: rest.check, labels, pattern };
}

function addToList(
  group: RuleGroup,
  { edit, rules, signs }: RuleList,
  { rule, options }: { readonly rule: ListedRule; readonly options: GroupOptions },
): void {
  if (rules.length === MAX_LISTED_RULES) {
    group.list = undefined;
    for (const each of [...rules, rule]) changeTrie(group, each, { ...options, isAdded: true });
  } else if (edit !== options.edit) group.list = listOf([...rules, rule], options.edit);
  else {
    rules.push(rule);
    signs.push(patternSign(rule.pattern));
  }
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
  { row, labels, pattern, check }: ListedRule,
  { edit, effect, hasOneSubject, isAdded }: GroupOptions & { readonly isAdded: boolean },
): void {
  const change: RuleChange = {
    edit,
    mark: isAdded ? markOf(labels) : 0,
    labels,
    row,
    check,
    isShared: check === undefined && hasOneSubject,
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
