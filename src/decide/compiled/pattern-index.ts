/**
 * Rules of all roles by the sign of what their pattern begins with: for people who hold so many roles that even a look at
 * the group of each would take too long.
 */
import { lookUp, withEntry, withoutEntry } from './persistent-map.ts';
import { MANY_ROLES } from '../role-index.ts';
import { prefixSigns } from './path-signs.ts';
import type { Placed } from './rule-group.ts';
import type { ListedRule } from './rule-list.ts';
import type { Edit, PersistentMap } from './persistent-map.ts';

/** Rules beside the numbers by which most of them are passed over. */
export interface RuleColumn {
  readonly edit: Edit;
  /** Numbers of the rules' subjects. */
  readonly subjects: number[];
  /** Numbers of their label classes. */
  readonly classes: number[];
  readonly rules: ListedRule[];
}

export interface PatternIndex {
  /** By the sign of the pattern. */
  readonly at: PersistentMap<RuleColumn>;
  /** By the sign of every directory above what the pattern begins with. */
  readonly below: PersistentMap<RuleColumn>;
  /** Rules that are evaluated whatever the question. */
  readonly loose: RuleColumn | undefined;
  /** Rules that look at the time, at the kernel message, and those whose evaluation can throw. */
  readonly timed: RuleColumn | undefined;
  readonly messages: RuleColumn | undefined;
  readonly failing: RuleColumn | undefined;
}

/** Whether there may be somebody with so many roles that the index is needed. */
export function mayHoldMany({ mostHeld }: { readonly mostHeld: number }): boolean {
  return mostHeld > MANY_ROLES;
}

/** An index without rules. */
export function emptyPatternIndex(): PatternIndex {
  const none = undefined;
  return { at: none, below: none, loose: none, timed: none, messages: none, failing: none };
}

/** The column of a sign: 0 for patterns that begin with something variable. */
export function columnAt(columns: PersistentMap<RuleColumn>, sign: number): RuleColumn | undefined {
  return lookUp(columns, String(sign));
}

interface Coming {
  readonly edit: Edit;
  /** Whether the rule comes or goes. */
  readonly isAdded: boolean;
}

/** `index` with a rule more or less. */
export function changedPatternIndex(index: PatternIndex, placed: Placed, coming: Coming): PatternIndex {
  const { row, labels, pattern, rest } = placed;
  const change: Change = {
    ...coming,
    rule: { row, check: rest.check, labels, pattern },
  };
  const signs = prefixSigns(pattern);
  let { at, below } = index;
  if (!rest.isLoose) {
    const last = signs.pop() ?? 0;
    at = changedAt(at, last, change);
    if (last !== 0) for (const sign of [0, ...signs]) below = changedAt(below, sign, change);
  }
  return {
    at,
    below,
    loose: rest.isLoose ? changedColumn(index.loose, change) : index.loose,
    timed: row.mentionsTime ? changedColumn(index.timed, change) : index.timed,
    messages: row.mentionsMessage ? changedColumn(index.messages, change) : index.messages,
    failing: rest.mayFail ? changedColumn(index.failing, change) : index.failing,
  };
}

interface Change extends Coming {
  readonly rule: ListedRule;
}

function changedAt(
  columns: PersistentMap<RuleColumn>,
  sign: number,
  change: Change,
): PersistentMap<RuleColumn> {
  const key = String(sign);
  const before = lookUp(columns, key);
  const after = changedColumn(before, change);
  if (after === before) return columns;
  return after === undefined
    ? withoutEntry(columns, key, change.edit)
    : withEntry(columns, key, after, change.edit);
}

function changedColumn(before: RuleColumn | undefined, change: Change): RuleColumn | undefined {
  const { edit, isAdded, rule } = change;
  const column = editable(before, edit);
  if (isAdded) {
    column.subjects.push(rule.row.role);
    column.classes.push(rule.labels.id);
    column.rules.push(rule);
    return column;
  }
  const at = column.rules.findIndex(({ row }) => row.at === rule.row.at);
  if (at !== -1) for (const list of [column.subjects, column.classes, column.rules]) list.splice(at, 1);
  return column.rules.length === 0 ? undefined : column;
}

function editable(column: RuleColumn | undefined, edit: Edit): RuleColumn {
  if (column?.edit === edit) return column;
  return {
    edit,
    subjects: [...(column?.subjects ?? [])],
    classes: [...(column?.classes ?? [])],
    rules: [...(column?.rules ?? [])],
  };
}
