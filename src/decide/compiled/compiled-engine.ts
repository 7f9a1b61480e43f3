/** The engine over a compiled policy: the asker's groups, the question's path and labels, the effect. */
import { allRows, rowsOfGroup } from './compile-policy.ts';
import { askingOf, collectAll } from './asking.ts';
import { createLeads } from './leads.ts';
import { createStandings } from './standing.ts';
import { judge } from './judge.ts';
import { keysIn, lookUp } from './persistent-map.ts';
import { rowsOf } from './rule-group.ts';
import type { Clock } from '../../core/clock.ts';
import type { Question } from '../../core/question.ts';
import type { Answer, Engine } from '../engine.ts';
import type { RoleIndex } from '../role-index.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { Asked } from './compile-test.ts';
import type { CompiledStanding } from './standing.ts';

export interface CompiledParts {
  readonly policy: CompiledPolicy;
  readonly roles: RoleIndex;
  readonly clock: Clock;
  readonly holds: Asked['holds'];
}

/** The engine of a compiled policy. */
export function createCompiledEngine(parts: CompiledParts): Engine<CompiledStanding> {
  const { policy, roles, clock } = parts;
  return {
    path: 'compiled',
    standing: createStandings({
      model: policy.model,
      groups: policy.groups,
      people: policy.people,
      index: roles,
      clock,
    }),
    answer: (standing, question) => answer(parts, standing, question),
    leads: createLeads(parts),
    rowsFor: ({ groups }) => groups.flatMap(({ group }) => [...rowsOf(group)]).sort((a, b) => a.at - b.at),
    rowsOf: (subject) =>
      policy.model.tie === undefined
        ? allRows(policy).filter((row) => row.subject === subject)
        : rowsOfGroup(policy, subject),
    sizeOf: (subject) => lookUp(policy.groups, subject)?.size ?? 0,
    subjects: () =>
      policy.model.tie === undefined ? allRows(policy).map((row) => row.subject) : keysIn(policy.groups),
    allRows: () => allRows(policy),
    size: policy.size,
  };
}

function answer(parts: CompiledParts, standing: CompiledStanding, question: Question): Answer {
  const asking = askingOf(parts.policy, standing, { question, leads: false, holds: parts.holds });
  collectAll(asking, standing);
  return judge(asking);
}
