/** The engines that verdicts are measured of, and the measuring itself: single calls, each with its own time. */
import { systemClock } from '../../src/core/clock.ts';
import type { Question } from '../../src/core/question.ts';
import { buildSnapshot } from '../../src/decide/build-snapshot.ts';
import { openCasbin } from '../peers/casbin.ts';
import { openCasl } from '../peers/casl.ts';
import { openCedar } from '../peers/cedar.ts';
import { hasPeer } from './peers.ts';
import { makeQuestions, SEED } from './policies.ts';
import type { Mix, School } from './policies.ts';
import type { Size } from './row.ts';
import { quantile, sampleOf } from './statistics.ts';
import type { Sample } from './statistics.ts';

type Ask = (question: Question) => boolean;

interface Engine {
  readonly name: string;
  readonly open: (school: School) => Promise<Ask>;
  /** Left out above: it would take too long. */
  readonly most: Readonly<Record<Size, number>>;
}

/** Median and 99th percentile of each round, in microseconds. */
export interface Timed {
  readonly median: Sample;
  readonly p99: Sample;
}

export interface Measured extends Timed {
  readonly engine: string;
  readonly rules: number;
  readonly mix: Mix;
}

export const GATE = 'gate';
const ENGINES: readonly Engine[] = [
  { name: GATE, open: openSnapshot, most: { smallest: 100, quick: 100_000, full: 100_000 } },
  { name: 'node-casbin', open: openCasbin, most: { smallest: 100, quick: 100_000, full: 100_000 } },
  { name: 'cedar-wasm', open: openCedar, most: { smallest: 100, quick: 1000, full: 10_000 } },
  { name: 'casl', open: openCasl, most: { smallest: 100, quick: 100_000, full: 100_000 } },
];
const PACKAGES: Readonly<Record<string, string>> = {
  'cedar-wasm': '@cedar-policy/cedar-wasm/nodejs',
  casl: '@casl/ability',
};
/** Questions of one round, and the most time a slow engine may spend on them, ms. */
const QUESTIONS = 10_000;
const BUDGET: Readonly<Record<Size, number>> = { smallest: 5, quick: 50, full: 1000 };
/** Questions of the first round that even the slowest engine answers, for the comparison. */
const COMPARED: Readonly<Record<Size, number>> = { smallest: 4, quick: 1, full: 4 };
const ROUNDS: Readonly<Record<Size, number>> = { smallest: 1, quick: 3, full: 15 };

/** Every engine at one size of policy, in turns. */
export async function measureSchool(school: School, size: Size): Promise<Measured[]> {
  const engines = ENGINES.filter(({ name, most }) => school.size <= most[size] && isInstalled(name));
  const asks = new Map<string, Ask>();
  for (const { name, open } of engines) asks.set(name, await open(school));
  const own = new Map([...asks].filter(([name]) => name === GATE));
  // Who asks makes no difference to the others: they go through the same rules.
  return [
    ...measureMix(school, { mix: 'hot', asks, size }),
    ...measureMix(school, { mix: 'uniform', asks: own, size }),
  ];
}

interface Mixed {
  readonly mix: Mix;
  readonly asks: ReadonlyMap<string, Ask>;
  readonly size: Size;
}

function measureMix(school: School, { mix, asks, size }: Mixed): Measured[] {
  const taken = [...asks].map(([engine, ask]) => ({ engine, ask, rounds: [] as Float64Array[] }));
  const [first = [], ...others] = roundsOf(school, mix, ROUNDS[size]);
  warmUp(asks, first, size);
  for (const questions of others) {
    for (const { ask, rounds } of taken) rounds.push(oneRound(ask, questions, BUDGET[size]));
  }
  return taken.map(({ engine, rounds }) => ({ engine, rules: school.size, mix, ...summed(rounds) }));
}

async function openSnapshot({ document }: School): Promise<Ask> {
  const snapshot = await buildSnapshot(document, { clock: systemClock, allowDefaultAllow: false });
  return (question) => snapshot.decide(question).allowed;
}

function isInstalled(engine: string): boolean {
  const name = PACKAGES[engine];
  return name === undefined || hasPeer(name);
}

/**
 * The first round counts for nobody, but its answers are compared: throws when two engines do not agree, for then their times
 * would be those of different work.
 */
function warmUp(asks: ReadonlyMap<string, Ask>, questions: readonly Question[], size: Size): void {
  const given = [...asks].map(([name, ask]) => ({ name, answers: answersWithin(ask, questions, size) }));
  for (const [at, question] of questions.entries()) {
    const answers = given.filter((each) => at < each.answers.length);
    if (new Set(answers.map((each) => each.answers[at])).size > 1) {
      const told = answers.map((each) => `${each.name}: ${each.answers[at]}`).join(', ');
      throw new Error(`expected one answer to ${JSON.stringify(question)}, received ${told}`);
    }
  }
}

function answersWithin(ask: Ask, questions: readonly Question[], size: Size): boolean[] {
  const answers: boolean[] = [];
  const end = performance.now() + BUDGET[size];
  for (const question of questions) {
    answers.push(ask(question));
    if (answers.length >= COMPARED[size] && performance.now() > end) break;
  }
  return answers;
}

/** Fresh questions for each round: none is asked twice. The first round is for warming up. */
function roundsOf(school: School, mix: Mix, rounds: number): Question[][] {
  return Array.from({ length: rounds + 1 }, (_, round) =>
    makeQuestions(school, mix, { count: QUESTIONS, seed: SEED + round }),
  );
}

/** Sorted times of single calls, in microseconds; the clock's own 50 ns are part of each. */
function oneRound(ask: Ask, questions: readonly Question[], budget: number): Float64Array {
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
  return times.subarray(0, done).sort();
}

function summed(rounds: readonly Float64Array[]): Timed {
  return {
    median: sampleOf(rounds.map((each) => quantile(each, 0.5))),
    p99: sampleOf(rounds.map((each) => quantile(each, 0.99))),
  };
}

/** The gate alone, with questions as on an ordinary day. */
export async function timeGate(school: School, size: Size): Promise<Timed> {
  const ask = await openSnapshot(school);
  const rounds = roundsOf(school, 'hot', ROUNDS[size]);
  const times = rounds.map((questions) => oneRound(ask, questions, Number.POSITIVE_INFINITY));
  return summed(times.slice(1));
}
