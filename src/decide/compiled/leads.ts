/** Whether something below a path may be allowed: the same rules, with patterns that match strictly below it. */
import { countsForLeads, pathColumnOf } from '../counts-for-leads.ts';
import { collect, counts, judge, nothingFound } from './judge.ts';
import { eachMatching } from './shelf.ts';
import { countingFor } from './standing.ts';
import { walkOf } from './path-trie.ts';
import type { Question } from '../../core/question.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { Found } from './judge.ts';
import type { Shelf } from './shelf.ts';
import type { CompiledStanding } from './standing.ts';

/** The `leads` of a compiled policy. */
export function createLeads(
  model: ParsedModel,
  policy: CompiledPolicy,
): (standing: CompiledStanding, question: Question) => boolean {
  const search = { model, policy };
  const isPathColumn = policy.plan.path?.column === pathColumnOf(model) && policy.plan.path.field === 'path';
  return (standing, question) => {
    const isOrderless =
      isPathColumn &&
      (model.effect === 'allow-and-deny' || model.effect === 'allow-override') &&
      standing.groups.every(({ group }) => !group.mayFail);
    return isOrderless ? leadsToAny(search, standing, question) : leadsInOrder(search, standing, question);
  };
}

interface Search {
  readonly model: ParsedModel;
  readonly policy: CompiledPolicy;
}

/** Everything that counts, judged in Casbin's order. */
function leadsInOrder(search: Search, standing: CompiledStanding, question: Question): boolean {
  const found = nothingFound();
  const { path } = search.policy.plan;
  const walk = walkOf(path === undefined ? '/' : question[path.field], question.sub);
  for (const use of standing.groups) {
    const take = collector(search, standing, { question, found, allows: use.allows });
    use.group.trie.leading(walk, (shelf) => {
      take(shelf);
      return false;
    });
  }
  addLoose(search, standing, { question, found });
  return judged(search, found, question);
}

/**
 * Where nothing can fail, one rule that allows is enough once nothing denies; and what denies everything below the path
 * has a pattern that matches the path itself, so nothing below has to be looked through for it.
 */
function leadsToAny(search: Search, standing: CompiledStanding, question: Question): boolean {
  const onTheWay = nothingFound();
  const walk = walkOf(question.path, question.sub);
  for (const use of standing.groups) {
    const take = collector(search, standing, { question, found: onTheWay, allows: use.allows });
    use.group.trie.matching(walk, (shelf) => {
      take(shelf);
      return false;
    });
  }
  const denying = { ...onTheWay, entries: onTheWay.entries.filter(({ row }) => row.isDeny) };
  if (search.model.effect === 'allow-and-deny' && isDenied(search, denying, question)) return false;
  const wanted = search.policy.classes.marksFor(question);
  return standing.groups.some((use) => {
    const found = nothingFound();
    const take = collector(search, standing, { question, found, allows: use.allows });
    const visit = (shelf: Shelf): boolean => {
      take(shelf);
      const allowing = {
        allow: found.allow,
        deny: -1,
        entries: found.entries.filter(({ row }) => !row.isDeny),
      };
      found.entries.length = 0;
      return judged(search, allowing, question);
    };
    return use.group.trie.leading(walk, visit, wanted);
  });
}

function isDenied(search: Search, found: Found, question: Question): boolean {
  const { at } = judge(search.model.effect, { ...found, allow: -1 }, { question, leads: true });
  return at !== -1;
}

function judged({ model }: Search, found: Found, question: Question): boolean {
  return judge(model.effect, found, { question, leads: true }).allowed;
}

interface Collecting {
  readonly question: Question;
  readonly found: Found;
  readonly allows: boolean;
}

/** A function that adds what counts on a shelf. */
function collector(
  { model, policy }: Search,
  standing: CompiledStanding,
  { question, found, allows }: Collecting,
): (shelf: Shelf) => void {
  const counting = countingFor(model, standing, { question, allows });
  return (shelf) => {
    eachMatching(shelf, question, (bucket) => {
      const denying = bucket.deny === -1 ? undefined : policy.ordered[bucket.deny];
      const deny = denying !== undefined && countsForLeads(denying, question, model) ? bucket.deny : -1;
      const entries = bucket.entries.filter(({ row }) => countsForLeads(row, question, model));
      collect(found, { ...bucket, deny, entries }, counting);
    });
  };
}

function addLoose(
  { model }: Search,
  standing: CompiledStanding,
  { question, found }: Omit<Collecting, 'allows'>,
): void {
  for (const { group, allows } of standing.groups) {
    const counting = countingFor(model, standing, { question, allows });
    const counted = group.loose.filter(
      ({ row }) => counts(row, counting) && countsForLeads(row, question, model),
    );
    found.entries.push(...counted);
  }
}
