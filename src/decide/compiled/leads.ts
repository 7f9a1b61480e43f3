/** Whether something below a path may be allowed: the same rules, with patterns that match strictly below it. */
import { countsForLeads, pathColumnOf } from '../counts-for-leads.ts';
import { askingOf } from './asking.ts';
import { collect, collectRule, counts, judge } from './judge.ts';
import { eachLeadingOfCrowd, eachLoose, eachMatchingOfCrowd, isInColumn } from './crowd.ts';
import { eachMatching } from './shelf.ts';
import { leadingIn, matchingIn } from './rule-group.ts';
import { spend } from '../effort.ts';
import { marksOf } from './label-classes.ts';
import type { Question } from '../../core/question.ts';
import type { Asking } from './asking.ts';
import type { Bucket } from './bucket.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Asked } from './compile-test.ts';
import type { Crowd } from './crowd.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { Shelf } from './shelf.ts';
import type { CompiledStanding } from './standing.ts';

const STEPS_OF_ENTRY = 2;
const STEPS_OF_PART = 30;

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
    canBeOrderless && !mayFail(standing)
      ? leadsToAny(parts, standing, question)
      : leadsInOrder(parts, standing, question);
}

function mayFail({ groups, crowd }: CompiledStanding): boolean {
  if (groups.some(({ group }) => group.failing > 0)) return true;
  return crowd !== undefined && isInColumn(crowd, crowd.index.failing, undefined);
}

/** Everything that counts, judged in Casbin's order. */
function leadsInOrder(parts: LeadsParts, standing: CompiledStanding, question: Question): boolean {
  const asking = askingOf(parts.policy, standing, { question, leads: true, holds: parts.holds });
  const { model } = parts.policy;
  const visit = (shelf: Shelf): boolean => {
    eachMatching(shelf, asking, (bucket) => collect(asking, leadingPart(bucket, asking, parts), asking));
    return false;
  };
  for (const { group, allows } of standing.groups) {
    asking.allows = allows && !asking.isUnknownOwner;
    leadingIn(group, asking, { visit });
    for (const entry of group.loose)
      if (counts(entry.row, asking) && countsForLeads(entry.row, question, model)) asking.entries.push(entry);
  }
  if (standing.crowd !== undefined) collectLeading(standing.crowd, asking, model);
  return judge(asking).allowed;
}

function collectLeading(crowd: Crowd, asking: Asking, model: ParsedModel): void {
  eachLeadingOfCrowd(crowd, asking, (rule) => {
    if (countsForLeads(rule.row, asking.question, model)) collectRule(asking, rule, asking);
    return false;
  });
  eachLoose(crowd, (rule) => {
    if (counts(rule.row, asking) && countsForLeads(rule.row, asking.question, model))
      asking.entries.push(rule);
  });
}

/** Whether a bucket is as most are: one rule that allows. */
function onlyAllows({ deny, entries }: Bucket): boolean {
  return deny === undefined && entries.length === 0;
}

/** What of a bucket counts: rules that deny do where they deny everything below the path. */
function leadingPart(bucket: Bucket, { question }: Asking, { policy: { model } }: LeadsParts): Bucket {
  const { deny } = bucket;
  if (onlyAllows(bucket)) return bucket;
  spend(STEPS_OF_PART + bucket.entries.length * STEPS_OF_ENTRY);
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
    if (onlyAllows(bucket)) {
      collect(asking, bucket, asking);
      return;
    }
    spend(STEPS_OF_PART + bucket.entries.length * STEPS_OF_ENTRY);
    const entries = bucket.entries.filter(({ row }) => !row.isDeny);
    collect(asking, { ...bucket, deny: undefined, entries }, asking);
  };
  const visit = (shelf: Shelf): boolean => {
    eachMatching(shelf, asking, take);
    return isAllowing(asking);
  };
  const wanted = marksOf(asking.classes);
  const { groups, crowd } = standing;
  const isFound = groups.some(({ group, allows }) => {
    asking.allows = allows && !asking.isUnknownOwner;
    return leadingIn(group, asking, { visit, wanted });
  });
  if (isFound || crowd === undefined) return isFound;
  return eachLeadingOfCrowd(crowd, asking, (rule) => {
    if (!rule.row.isDeny) collectRule(asking, rule, asking);
    return isAllowing(asking);
  });
}

/** Whether one of the rules found so far allows; those that do not are forgotten. */
function isAllowing(asking: Asking): boolean {
  if (asking.allow === undefined && asking.entries.length === 0) return false;
  const { allowed } = judge(asking);
  asking.entries.length = 0;
  return allowed;
}

/** Whether a rule denies everything below the path. */
function isDenied(parts: LeadsParts, standing: CompiledStanding, question: Question): boolean {
  const asking = askingOf(parts.policy, standing, { question, leads: true, holds: parts.holds });
  const take = (bucket: Bucket): void => {
    if (onlyAllows(bucket)) return;
    const { deny, entries } = leadingPart(bucket, asking, parts);
    const denying = { ...bucket, allow: undefined, deny, entries: entries.filter(({ row }) => row.isDeny) };
    collect(asking, denying, asking);
  };
  const visit = (shelf: Shelf): boolean => {
    eachMatching(shelf, asking, take);
    return false;
  };
  for (const { group } of standing.groups) matchingIn(group, asking, visit);
  if (standing.crowd !== undefined)
    eachMatchingOfCrowd(standing.crowd, asking, (rule) => {
      if (rule.row.isDeny && countsForLeads(rule.row, question, parts.policy.model))
        collectRule(asking, rule, asking);
      return false;
    });
  return judge(asking).row !== undefined;
}
