/**
 * One engine in a process of its own, as it is in operation: what it keeps in memory and in the caches of the processor is its
 * own, and another that goes through a hundred thousand rules sweeps out none of it.
 */
import type { Question } from '../../src/core/question.ts';
import { engineNamed } from '../support/engines.ts';
import type { Ask } from '../support/engines.ts';
import { makeQuestions, makeSchool, SEED } from '../support/policies.ts';
import type { Mix, School } from '../support/policies.ts';
import { quantile } from '../support/statistics.ts';
import { work } from './work.ts';

export interface EngineOptions {
  readonly engine: string;
}

export interface SchoolCommand {
  readonly rules: number;
  readonly perRole?: number | undefined;
}

export interface QuestionsCommand {
  readonly mix: Mix;
  /** Round 0 is for warming up. */
  readonly rounds: number;
}

export interface AnswersCommand {
  /** Milliseconds after which no more is asked, once `least` questions were. */
  readonly budget: number;
  readonly least: number;
}

export interface RoundCommand {
  readonly round: number;
  /** Milliseconds. */
  readonly budget: number;
}

/** Microseconds. */
export interface Timed {
  readonly median: number;
  readonly p99: number;
}

/** Questions of one round. */
const QUESTIONS = 10_000;

await work(async ({ engine }: EngineOptions) => {
  let school: School = makeSchool(0);
  let ask: Ask = () => false;
  let rounds: Question[][] = [];
  return {
    ready: true,
    commands: {
      open: async ({ rules, perRole }: SchoolCommand) => {
        rounds = [];
        school = makeSchool(rules, perRole);
        ask = await engineNamed(engine).open(school);
      },
      // Made ahead, so that making them is in nobody's time. None is asked twice.
      questions: async ({ mix, rounds: count }: QuestionsCommand) => {
        rounds = Array.from({ length: count + 1 }, (_, round) =>
          makeQuestions(school, mix, { count: QUESTIONS, seed: SEED + round }),
        );
      },
      answers: async (command: AnswersCommand) => answersWithin(ask, rounds[0] ?? [], command),
      round: async ({ round, budget }: RoundCommand) => oneRound(ask, rounds[round] ?? [], budget),
    },
  };
});

function answersWithin(
  ask: Ask,
  questions: readonly Question[],
  { budget, least }: AnswersCommand,
): boolean[] {
  const answers: boolean[] = [];
  const end = performance.now() + budget;
  for (const question of questions) {
    answers.push(ask(question));
    if (answers.length >= least && performance.now() > end) break;
  }
  return answers;
}

/** Of single calls; the clock's own 50 ns are part of each. */
function oneRound(ask: Ask, questions: readonly Question[], budget: number): Timed {
  const times = new Float64Array(questions.length);
  const end = performance.now() + budget;
  let done = 0;
  for (const question of questions) {
    const since = performance.now();
    ask(question);
    const now = performance.now();
    times[done] = (now - since) * 1000;
    done += 1;
    if (now > end) break;
  }
  const sorted = times.subarray(0, done).sort();
  return { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}
