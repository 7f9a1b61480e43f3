/**
 * The rules of a small group, one after the other. Most are passed over by the sign of their pattern alone: the signs lie
 * together, and memory that is touched is what a verdict costs once there are many groups.
 */
import { collectRule } from './judge.ts';
import { isMatching } from './label-classes.ts';
import { maySign, patternSign } from './path-signs.ts';
import { spend } from '../effort.ts';
import { pathLeads, pathMatch } from '../functions/path-match.ts';
import type { Entry } from './bucket.ts';
import type { Counting, Found } from './judge.ts';
import type { LabelClass } from './label-class.ts';
import type { PathSigns } from './path-signs.ts';
import type { Walk } from './path-trie.ts';
import type { Edit } from './persistent-map.ts';
import type { Labelled, Shelf } from './shelf.ts';

/** A rule with its labels and its path pattern. */
export interface ListedRule extends Entry {
  readonly labels: LabelClass;
  readonly pattern: string;
}

/** Only changed by the work that made it. */
export interface RuleList {
  readonly edit: Edit;
  readonly rules: ListedRule[];
  /** Of their patterns. */
  readonly signs: number[];
}

/** A question on its way through lists. */
export interface ListAsking extends Walk, Counting, Found, Labelled {
  readonly signs: PathSigns;
}

/** The most rules of a list. */
export const MAX_LISTED_RULES = 32;
const STEPS_OF_LIST = 10;
const STEPS_OF_RULE = 5;

/** A list of these rules. */
export function listOf(rules: readonly ListedRule[], edit: Edit): RuleList {
  return { edit, rules: [...rules], signs: rules.map(({ pattern }) => patternSign(pattern)) };
}

/** The rules of `lists` as one list, while it is small enough; `undefined` otherwise, and of none. */
export function joinedList(lists: readonly RuleList[]): RuleList | undefined {
  const [first] = lists;
  if (first === undefined || lists.length === 1) return first;
  let size = 0;
  for (const list of lists) if ((size += list.rules.length) > MAX_LISTED_RULES) return undefined;
  const rules = lists.flatMap((list) => list.rules);
  return { edit: first.edit, rules, signs: lists.flatMap((list) => list.signs) };
}

/** Adds what matches and counts. */
export function collectListed({ rules, signs }: RuleList, asking: ListAsking): void {
  spend(STEPS_OF_LIST);
  for (let index = 0; index < signs.length; index++) {
    if (!maySign(signs[index] ?? 0, asking.signs)) continue;
    const rule = rules[index];
    spend(STEPS_OF_RULE);
    if (rule !== undefined && isMatching(rule.labels, asking.question, asking.classes)) {
      if (pathMatch(asking.path, rule.pattern, asking.subject)) collectRule(asking, rule, asking);
    }
  }
}

/** What matches by labels and path, as one bucket; with `leads`, patterns match that match something strictly below the path. */
export function shelfOf(
  { edit, rules }: RuleList,
  { path, subject, question, classes }: Walk & Labelled,
  { leads }: { readonly leads: boolean },
): Shelf {
  const matches = leads ? pathLeads : pathMatch;
  spend(rules.length * STEPS_OF_RULE);
  const entries = rules.filter(
    ({ labels, pattern }) => isMatching(labels, question, classes) && matches(path, pattern, subject),
  );
  const [first] = entries;
  const none = { edit, allow: undefined, deny: undefined, spare: [] };
  return {
    edit,
    listed: first === undefined ? [] : [{ ...none, labels: first.labels, entries }],
    index: undefined,
  };
}
