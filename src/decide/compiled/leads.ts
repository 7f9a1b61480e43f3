/** Whether something below a path may be allowed: the same rules, with patterns that match strictly below it. */
import { countsForLeads, pathColumnOf } from '../counts-for-leads.ts';
import { askingOf } from './asking.ts';
import { collect, counts, judge } from './judge.ts';
import { eachMatching } from './shelf.ts';
import { leadingIn, matchingIn } from './rule-group.ts';
import { marksOf } from './label-classes.ts';
import type { Question } from '../../core/question.ts';
import type { Asking } from './asking.ts';
import type { Bucket } from './bucket.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { Asked } from './compile-test.ts';
import type { Shelf } from './shelf.ts';
import type { CompiledStanding } from './standing.ts';

export interface LeadsParts {
  readonly policy: CompiledPolicy;
  readonly holds: Asked['holds'];
}

/** The `leads` of a compiled policy. */
export function createLeads(parts: LeadsParts): (standing: CompiledStanding, question: Question) => boolean {
  const { model, plan } = parts.policy;
  const isPathColumn = plan.path?.column === pathColumnOf(model) && plan.path.field === 'path';
  const canBeOrderless =
    isPathColumn && (model.effect === 'allow-and-deny' || model.effect === 'allow-override');
  return (standing, question) =>
    canBeOrderless && standing.groups.every(({ group }) => group.failing === 0)
      ? leadsToAny(parts, standing, question)
      : leadsInOrder(parts, standing, question);
}

/** Everything that counts, judged in Casbin's order. */
function leadsInOrder(parts: LeadsParts, standing: CompiledStanding, question: Question): boolean {
  const asking = askingOf(parts.policy, standing, { question, leads: true, holds: parts.holds });
  const visit = (shelf: Shelf): boolean => {
    eachMatching(shelf, asking, (bucket) => collect(asking, leadingPart(bucket, asking, parts), asking));
    return false;
  };
  for (const { group, allows } of standing.groups) {
    asking.allows = allows && !asking.isUnknownOwner;
    leadingIn(group, asking, { visit });
    for (const entry of group.loose)
      if (counts(entry.row, asking) && countsForLeads(entry.row, question, parts.policy.model))
        asking.entries.push(entry);
  }
  return judge(asking).allowed;
}

/** What of a bucket counts: rules that deny do where they deny everything below the path. */
function leadingPart(bucket: Bucket, { question }: Asking, { policy: { model } }: LeadsParts): Bucket {
  const { deny } = bucket;
  return {
    ...bucket,
    deny: deny !== undefined && countsForLeads(deny, question, model) ? deny : undefined,
    entries: bucket.entries.filter(({ row }) => countsForLeads(row, question, model)),
  };
}

/**
 * Where nothing can fail, one rule that allows is enough once nothing denies; and what denies everything below the path
 * has a pattern that matches the path itself, so nothing below has to be looked through for it.
 */
function leadsToAny(parts: LeadsParts, standing: CompiledStanding, question: Question): boolean {
  const asking = askingOf(parts.policy, standing, { question, leads: true, holds: parts.holds });
  const { model } = parts.policy;
  if (model.effect === 'allow-and-deny' && isDenied(parts, standing, question)) return false;
  const take = (bucket: Bucket): void => {
    const entries = bucket.entries.filter(({ row }) => !row.isDeny);
    collect(asking, { ...bucket, deny: undefined, entries }, asking);
  };
  const visit = (shelf: Shelf): boolean => {
    eachMatching(shelf, asking, take);
    if (asking.allow === undefined && asking.entries.length === 0) return false;
    const isLeading = judge(asking).allowed;
    asking.entries.length = 0;
    return isLeading;
  };
  const wanted = marksOf(asking.classes);
  return standing.groups.some(({ group, allows }) => {
    asking.allows = allows && !asking.isUnknownOwner;
    return leadingIn(group, asking, { visit, wanted });
  });
}

/** Whether a rule denies everything below the path. */
function isDenied(parts: LeadsParts, standing: CompiledStanding, question: Question): boolean {
  const asking = askingOf(parts.policy, standing, { question, leads: true, holds: parts.holds });
  const take = (bucket: Bucket): void => {
    const { deny, entries } = leadingPart(bucket, asking, parts);
    const denying = { ...bucket, allow: undefined, deny, entries: entries.filter(({ row }) => row.isDeny) };
    collect(asking, denying, asking);
  };
  const visit = (shelf: Shelf): boolean => {
    eachMatching(shelf, asking, take);
    return false;
  };
  for (const { group } of standing.groups) matchingIn(group, asking, visit);
  return judge(asking).row !== undefined;
}
