/**
 * One verdict, alone on its thread: the gate's snapshot against plain Casbin, Cedar and CASL with the same policy and the same
 * questions, at policies of ten rules and more. Every engine must give the same answers before it is measured.
 */
import type { Question } from '../../src/core/question.ts';
import { systemClock } from '../../src/core/clock.ts';
import { buildSnapshot } from '../../src/decide/build-snapshot.ts';
import { openCasbin } from '../peers/casbin.ts';
import { openCasl } from '../peers/casl.ts';
import { openCedar } from '../peers/cedar.ts';
import { makeQuestions, makeSchool, SEED } from '../support/policies.ts';
import type { Mix, School } from '../support/policies.ts';
import { hasPeer } from '../support/peers.ts';
import { grouped } from '../support/row.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { quantile, sampleOf } from '../support/statistics.ts';
import type { Sample } from '../support/statistics.ts';

export type Ask = (question: Question) => boolean;

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

const GATE = 'gate';
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
const RULES: Readonly<Record<Size, readonly number[]>> = {
  smallest: [10, 100],
  quick: [10, 100, 1000, 100_000],
  full: [10, 100, 1000, 10_000, 100_000],
};
const ROUNDS: Readonly<Record<Size, number>> = { smallest: 1, quick: 5, full: 15 };
/** Questions of one round, and the most time a slow engine may spend on them, ms. */
const QUESTIONS = 10_000;
const BUDGET: Readonly<Record<Size, number>> = { smallest: 5, quick: 150, full: 1000 };
const COMPARED = 50;

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const all: Measured[] = [];
  for (const rules of RULES[size]) {
    progress(`verdicts at ${rules} rules`);
    all.push(...(await measureSchool(makeSchool(rules), size)));
  }
  progress('verdicts with all rules in one role');
  const most = Math.max(...RULES[size]);
  const worst = await openSnapshot(makeSchool(most, most));
  const worstTimes = timed(worst, roundsOf(makeSchool(most), 'hot', ROUNDS[size]));
  return figuresOf(all, { rules: most, ...worstTimes });
}

/** Every engine at one size of policy, in turns. */
export async function measureSchool(school: School, size: Size): Promise<Measured[]> {
  const engines = ENGINES.filter(({ name, most }) => school.size <= most[size] && isInstalled(name));
  const asks = new Map<string, Ask>();
  for (const { name, open } of engines) asks.set(name, await open(school));
  compareAnswers(school, asks, size);
  const measured: Measured[] = [];
  for (const mix of ['hot', 'uniform'] as const) {
    const taken = new Map(
      [...asks.keys()].map((name) => [name, { medians: [] as number[], p99s: [] as number[] }]),
    );
    for (const questions of roundsOf(school, mix, ROUNDS[size])) {
      for (const [name, ask] of asks) {
        const times = oneRound(ask, questions, BUDGET[size]);
        taken.get(name)?.medians.push(quantile(times, 0.5));
        taken.get(name)?.p99s.push(quantile(times, 0.99));
      }
    }
    for (const [engine, { medians, p99s }] of taken)
      measured.push({
        engine,
        rules: school.size,
        mix,
        median: sampleOf(medians.slice(1)),
        p99: sampleOf(p99s.slice(1)),
      });
  }
  return measured;
}

async function openSnapshot({ document }: School): Promise<Ask> {
  const snapshot = await buildSnapshot(document, { clock: systemClock, allowDefaultAllow: false });
  return (question) => snapshot.decide(question).allowed;
}

function isInstalled(engine: string): boolean {
  const name = PACKAGES[engine];
  return name === undefined || hasPeer(name);
}

/** Throws when two engines do not agree: their times would be those of different work. */
function compareAnswers(school: School, asks: ReadonlyMap<string, Ask>, size: Size): void {
  const count = school.size > 10_000 || size === 'smallest' ? 4 : COMPARED;
  for (const question of makeQuestions(school, 'hot', { count, seed: SEED })) {
    const answers = new Set([...asks.values()].map((ask) => ask(question)));
    if (answers.size > 1) {
      const told = [...asks].map(([name, ask]) => `${name}: ${ask(question)}`).join(', ');
      throw new Error(`expected one answer to ${JSON.stringify(question)}, received ${told}`);
    }
  }
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

/** Medians and 99th percentiles of rounds, the first of which is left out. */
export function timed(ask: Ask, rounds: readonly (readonly Question[])[]): Timed {
  const times = rounds.map((questions) => oneRound(ask, questions, Number.POSITIVE_INFINITY)).slice(1);
  return {
    median: sampleOf(times.map((each) => quantile(each, 0.5))),
    p99: sampleOf(times.map((each) => quantile(each, 0.99))),
  };
}

/** The gate at `rules` rules, questions as on an ordinary day. */
export async function timeGate(rules: number, rounds: number): Promise<Timed> {
  const school = makeSchool(rules);
  const ask = await openSnapshot(school);
  return timed(ask, roundsOf(school, 'hot', rounds));
}

function figuresOf(all: readonly Measured[], worst: Timed & { readonly rules: number }): Figure[] {
  const of = (engine: string, rules: number, mix: Mix): Measured | undefined =>
    all.find((each) => each.engine === engine && each.rules === rules && each.mix === mix);
  const own = all.filter(({ engine }) => engine === GATE);
  const { rules: most } = worst;
  const base = of(GATE, 100, 'hot');
  return [
    ...own.flatMap(({ rules, mix, median, p99 }) => [
      {
        name: `one verdict, ${grouped(rules)} rules, ${mix}, median`,
        unit: 'µs',
        value: median,
        ...(rules === most && mix === 'hot' ? { target: { of: 'value', atMost: 1 } as const } : {}),
      },
      {
        name: `one verdict, ${grouped(rules)} rules, ${mix}, p99`,
        unit: 'µs',
        value: p99,
        ...(rules === most && mix === 'hot' ? { target: { of: 'value', atMost: 5 } as const } : {}),
      },
    ]),
    { name: `one verdict, ${grouped(most)} rules all in one role, median`, unit: 'µs', value: worst.median },
    { name: `one verdict, ${grouped(most)} rules all in one role, p99`, unit: 'µs', value: worst.p99 },
    ...own
      .filter(({ rules, mix }) => rules === most && mix === 'hot' && base !== undefined)
      .map(({ median }) => ({
        name: `one verdict at ${grouped(most)} rules against 100`,
        unit: 'µs',
        value: median,
        peer: { name: 'gate at 100 rules', value: base?.median ?? median },
        target: { of: 'ratio', atMost: 2 } as const,
      })),
    ...all
      .filter(({ engine, mix }) => engine !== GATE && mix === 'hot')
      .map((peer) => against(peer, of(GATE, peer.rules, 'hot') ?? peer)),
  ];
}

function against(peer: Measured, own: Measured): Figure {
  const target =
    peer.engine !== 'node-casbin'
      ? undefined
      : peer.rules === 100_000
        ? ({ of: 'ratio', atMost: 1 / 100_000 } as const)
        : ({ of: 'ratio', atMost: 1 } as const);
  return {
    name: `one verdict, ${grouped(own.rules)} rules`,
    unit: 'µs',
    value: own.median,
    peer: { name: peer.engine, value: peer.median },
    ...(target === undefined ? {} : { target }),
  };
}

export const verdict: Row = { name: 'verdict', title: 'One verdict', run };
