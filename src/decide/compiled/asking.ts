/** A question on its way through the groups of its asker, with what it has found so far. */
import { UNKNOWN_OWNER } from '../../core/question.ts';
import { collect, counts } from './judge.ts';
import { collectOfCrowd } from './crowd.ts';
import { collectListed } from './rule-list.ts';
import { matching } from './path-trie.ts';
import { takeSigns } from './path-signs.ts';
import { eachMatching } from './shelf.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Bucket } from './bucket.ts';
import type { Asked } from './compile-test.ts';
import type { ListAsking } from './rule-list.ts';
import type { Shelf } from './shelf.ts';
import type { CompiledStanding } from './standing.ts';

/** One object for all of it: it is made for every question. */
export interface Asking extends ListAsking, Asked {
  /** Differs from group to group. */
  allows: boolean;
}

/** A question that has found nothing yet. */
export function askingOf(
  { plan, classes, model, signs }: CompiledPolicy,
  { narrowed }: CompiledStanding,
  { question, leads, holds }: Asked,
): Asking {
  // where the model looks at no path, everything matches and leads on
  const path = plan.path === undefined ? (leads ? '/' : '') : question[plan.path.field];
  takeSigns(path, signs);
  return {
    question,
    path,
    signs,
    subject: question.sub,
    classes: classes.matching(question),
    effect: model.effect,
    allows: true,
    isUnknownOwner: question.own === UNKNOWN_OWNER,
    narrowed,
    leads,
    holds,
    allow: undefined,
    deny: undefined,
    entries: [],
  };
}

/** Adds what counts of all groups of the asker. */
export function collectAll(asking: Asking, { groups, list, crowd }: CompiledStanding): void {
  if (list !== undefined) {
    asking.allows = !asking.isUnknownOwner;
    collectListed(list, asking);
    return;
  }
  for (const { group, allows } of groups) {
    asking.allows = allows && !asking.isUnknownOwner;
    if (group.list === undefined) matching(group.trie, asking, collectShelf);
    else collectListed(group.list, asking);
    for (const entry of group.loose) if (counts(entry.row, asking)) asking.entries.push(entry);
  }
  if (crowd !== undefined) collectOfCrowd(crowd, asking);
}

function collectShelf(shelf: Shelf, asking: Asking): boolean {
  eachMatching(shelf, asking, collectBucket);
  return false;
}

function collectBucket(bucket: Bucket, asking: Asking): void {
  collect(asking, bucket, asking);
}
