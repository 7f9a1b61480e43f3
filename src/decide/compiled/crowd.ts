/** What counts of the rules of somebody who holds very many roles. */
import { classMatches } from './label-class.ts';
import { collectRule, counts } from './judge.ts';
import { columnAt } from './pattern-index.ts';
import { hasBit } from '../numbering.ts';
import { pathLeads, pathMatch } from '../functions/path-match.ts';
import { spend } from '../effort.ts';
import type { Bits } from '../numbering.ts';
import type { Asking } from './asking.ts';
import type { PatternIndex, RuleColumn } from './pattern-index.ts';
import type { ListedRule } from './rule-list.ts';

const STEPS_OF_RULE = 3;

/** All roles of somebody, with the rules of everybody. */
export interface Crowd {
  readonly index: PatternIndex;
  readonly held: Bits;
}

/** Adds what matches and counts. */
export function collectOfCrowd(crowd: Crowd, asking: Asking): void {
  eachMatchingOfCrowd(crowd, asking, (rule) => {
    collectRule(asking, rule, asking);
    return false;
  });
  eachLoose(crowd, (rule) => {
    if (counts(rule.row, asking)) asking.entries.push(rule);
  });
}

/** Visits their rules that are evaluated whatever the question. */
export function eachLoose({ index, held }: Crowd, visit: (rule: ListedRule) => void): void {
  someHeld(index.loose, held, (rule) => {
    visit(rule);
    return false;
  });
}

/** Told of each rule that is found; `true` ends the search. */
type VisitRule = (rule: ListedRule) => boolean;

/** Visits rules whose labels and pattern match; whether the search was ended. */
export function eachMatchingOfCrowd(crowd: Crowd, asking: Asking, visit: VisitRule): boolean {
  return someAtSigns(
    crowd,
    asking,
    (rule) => pathMatch(asking.path, rule.pattern, asking.subject) && visit(rule),
  );
}

/** Visits rules whose labels match and whose pattern matches something strictly below the path; whether the search was ended. */
export function eachLeadingOfCrowd(crowd: Crowd, asking: Asking, visit: VisitRule): boolean {
  const { signs, depth } = asking.signs;
  const visitLeading: VisitRule = (rule) =>
    pathLeads(asking.path, rule.pattern, asking.subject) && visit(rule);
  if (someAtSigns(crowd, asking, visitLeading)) return true;
  const below = columnAt(crowd.index.below, signs[depth] ?? 0);
  return someLabelled(below, { held: crowd.held, asking, visit: visitLeading });
}

/** Of the rules whose pattern begins with a directory above the path, with the path itself, or with something variable. */
function someAtSigns({ index, held }: Crowd, asking: Asking, visit: VisitRule): boolean {
  const { signs, depth } = asking.signs;
  for (let level = 0; level <= depth; level++)
    if (someLabelled(columnAt(index.at, signs[level] ?? 0), { held, asking, visit })) return true;
  return false;
}

/** Whether a rule of theirs that counts is in a column; `narrowed` are the subjects whose rules that allow count. */
export function isInColumn(
  { held }: Crowd,
  column: RuleColumn | undefined,
  narrowed: ReadonlySet<string> | undefined,
): boolean {
  return someHeld(
    column,
    held,
    ({ row }) => row.isDeny || narrowed === undefined || narrowed.has(row.subject),
  );
}

function someHeld(column: RuleColumn | undefined, held: Bits, visit: VisitRule): boolean {
  if (column === undefined) return false;
  const { subjects, rules } = column;
  spend(subjects.length >> 2);
  for (let at = 0; at < subjects.length; at++) {
    const rule = hasBit(held, subjects[at] ?? 0) ? rules[at] : undefined;
    if (rule === undefined) continue;
    spend(STEPS_OF_RULE);
    if (visit(rule)) return true;
  }
  return false;
}

interface Search {
  readonly held: Bits;
  readonly asking: Asking;
  readonly visit: VisitRule;
}

/** As `someHeld`, of those whose labels match; the label classes are looked at first, as they lie together. */
function someLabelled(column: RuleColumn | undefined, { held, asking, visit }: Search): boolean {
  if (column === undefined) return false;
  const { subjects, classes, rules } = column;
  const { classes: set, question } = asking;
  spend(subjects.length >> 2);
  for (let at = 0; at < subjects.length; at++) {
    if (!hasBit(held, subjects[at] ?? 0)) continue;
    const labels = classes[at] ?? 0;
    if (set !== undefined && ((set[labels >>> 5] ?? 0) & (1 << (labels & 31))) === 0) continue;
    const rule = rules[at];
    spend(STEPS_OF_RULE);
    if (rule === undefined || (set === undefined && !classMatches(rule.labels, question))) continue;
    if (visit(rule)) return true;
  }
  return false;
}
