/** The rules of one subject, compiled: found by path and labels, with what is left of the matcher. */
import { markOf } from './label-class.ts';
import { bucketFor, createShelf } from './shelf.ts';
import { createPathTrie } from './path-trie.ts';
import type { Effect } from '../effects.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { LabelClass } from './label-class.ts';
import type { PathTrie } from './path-trie.ts';
import type { Rest } from './rest-of.ts';
import type { Entry, Shelf } from './shelf.ts';

export interface RuleGroup {
  readonly trie: PathTrie<Shelf>;
  /** Rules that are evaluated whatever the question: Casbin may find them failing before it looks at labels or path. */
  readonly loose: Entry[];
  /** Whether evaluating one of them can throw. */
  mayFail: boolean;
  /** Subjects of the rules that allow and look at the time. */
  readonly timedSubjects: Set<string>;
  /** Whether a rule that denies looks at the time. */
  isTimedDeny: boolean;
}

/** Where a rule goes. */
export interface Placed {
  readonly at: number;
  readonly row: PolicyRow;
  readonly labels: LabelClass;
  readonly pattern: string;
  readonly rest: Rest;
}

export function createRuleGroup(): RuleGroup {
  return { trie: createPathTrie(), loose: [], mayFail: false, timedSubjects: new Set(), isTimedDeny: false };
}

export interface KeepOptions {
  readonly effect: Effect;
  /** Whether all rules of the group have one subject, so that one of several equal ones can stand for all. */
  readonly hasOneSubject: boolean;
}

/** Adds a rule; rules come in Casbin's order. */
export function addToGroup(group: RuleGroup, placed: Placed, options: KeepOptions): void {
  const { at, row, rest } = placed;
  noteTime(group, row);
  if (rest.mayFail) group.mayFail = true;
  if (rest.isLoose) {
    group.loose.push({ at, row, check: rest.check });
    return;
  }
  const shelf = group.trie.at(placed.pattern, createShelf, markOf(placed.labels));
  if (shelf === undefined) return;
  const bucket = bucketFor(shelf, placed.labels);
  if (rest.check !== undefined || !options.hasOneSubject) bucket.entries.push({ at, row, check: rest.check });
  else if (row.isDeny) {
    if (bucket.deny === -1) bucket.deny = at;
  } else if (bucket.allow === -1 || options.effect === 'allow-and-deny') {
    // Casbin names the last rule that allowed there, and the first one elsewhere
    bucket.allow = at;
  }
}

function noteTime(group: RuleGroup, row: PolicyRow): void {
  if (!row.mentionsTime) return;
  if (row.isDeny) group.isTimedDeny = true;
  else group.timedSubjects.add(row.subject);
}
