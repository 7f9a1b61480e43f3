/** The engine over a compiled policy: the asker's groups, the question's path and labels, the effect. */
import { allRows, groupNamed, rowsOfGroup, subjectsOf } from './compiled-policy.ts';
import { askingOf, collectAll } from './asking.ts';
import { createLeads } from './leads.ts';
import { createStandings } from './remember-standings.ts';
import { judge } from './judge.ts';
import { rowsOf } from './rule-group.ts';
import { beginVerdict, endVerdict, TooMuchEffort, VERDICT_STEPS } from '../effort.ts';
import type { Clock } from '../../core/clock.ts';
import type { Question } from '../../core/question.ts';
import type { Answer, Engine } from '../engine.ts';
import type { RoleIndex } from '../role-index.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
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
  const leads = createLeads(parts);
  return {
    path: 'compiled',
    standing: createStandings({ policy, index: roles, clock }),
    answer: (standing, question) => answerInTime(parts, standing, question),
    leads: (standing, question) => leadsInTime(() => leads(standing, question)),
    rowsFor: ({ groups, crowd, closure }) => {
      const found = groups.flatMap(({ group }) => [...rowsOf(group)]);
      const names = crowd === undefined ? [] : roles.namesOf(closure);
      return [...found, ...names.flatMap((name) => rowsOfGroup(policy, name))].sort((a, b) => a.at - b.at);
    },
    rowsOf: (subject) =>
      policy.model.tie === undefined
        ? allRows(policy).filter((row) => row.subject === subject)
        : rowsOfGroup(policy, subject),
    sizeOf: (subject) => groupNamed(policy, subject)?.size ?? 0,
    subjects: () =>
      policy.model.tie === undefined ? allRows(policy).map((row) => row.subject) : subjectsOf(policy),
    allRows: () => allRows(policy),
    size: policy.size,
  };
}

function answer(parts: CompiledParts, standing: CompiledStanding, question: Question): Answer {
  const asking = askingOf(parts.policy, standing, { question, leads: false, holds: parts.holds });
  collectAll(asking, standing);
  return judge(asking);
}

/** The answer; that it would take too long where it does. */
function answerInTime(parts: CompiledParts, standing: CompiledStanding, question: Question): Answer {
  beginVerdict(VERDICT_STEPS);
  try {
    return answer(parts, standing, question);
  } catch (error) {
    if (!(error instanceof TooMuchEffort)) throw error;
    return { allowed: false, row: undefined, failed: { row: undefined, error } };
  } finally {
    endVerdict();
  }
}

/** What `leads` says; no, where it would take too long to say. */
function leadsInTime(leads: () => boolean): boolean {
  beginVerdict(VERDICT_STEPS);
  try {
    return leads();
  } catch (error) {
    if (!(error instanceof TooMuchEffort)) throw error;
    return false;
  } finally {
    endVerdict();
  }
}
