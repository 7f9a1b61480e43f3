/** The engine over a compiled policy: the asker's groups, the question's path and labels, the effect. */
import { collect, counts, judge, nothingFound } from './judge.ts';
import { createLeads } from './leads.ts';
import { eachMatching } from './shelf.ts';
import { countingFor, createStandings } from './standing.ts';
import { walkOf } from './path-trie.ts';
import type { Question } from '../../core/question.ts';
import type { Answer, Engine } from '../engine.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { RoleIndex } from '../role-index.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { Shelf } from './shelf.ts';
import type { CompiledStanding } from './standing.ts';

export interface CompiledParts {
  readonly model: ParsedModel;
  readonly policy: CompiledPolicy;
  readonly roles: RoleIndex;
}

/** The engine of a compiled policy. */
export function createCompiledEngine({ model, policy, roles }: CompiledParts): Engine<CompiledStanding> {
  return {
    path: 'compiled',
    standing: createStandings({ model, groups: policy.groups, index: roles }),
    answer: (standing, question) => answer(model, policy, { standing, question }),
    leads: createLeads(model, policy),
  };
}

function answer(
  model: ParsedModel,
  { plan, ordered }: CompiledPolicy,
  { standing, question }: { readonly standing: CompiledStanding; readonly question: Question },
): Answer {
  const found = nothingFound();
  const walk = walkOf(plan.path === undefined ? '' : question[plan.path.field], question.sub);
  for (const { group, allows } of standing.groups) {
    const counting = countingFor(model, standing, { question, allows });
    group.trie.matching(walk, (shelf: Shelf) => {
      eachMatching(shelf, question, (bucket) => collect(found, bucket, counting));
      return false;
    });
    for (const entry of group.loose) if (counts(entry.row, counting)) found.entries.push(entry);
  }
  const { allowed, at, failed } = judge(model.effect, found, { question, leads: false });
  const row = at === -1 ? undefined : ordered[at];
  return failed === undefined ? { allowed, row } : { allowed, row, failed };
}
