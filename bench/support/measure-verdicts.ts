/** Verdicts of every engine, each in its process, in turns: single calls, each with its own time. */
import type {
  AnswersCommand,
  EngineOptions,
  QuestionsCommand,
  RoundCommand,
  SchoolCommand,
  Timed,
} from '../processes/engine.ts';
import { GATE, engineNamed, installedEngines } from './engines.ts';
import type { Mix } from './policies.ts';
import type { Size } from './row.ts';
import { sampleOf } from './statistics.ts';
import type { Sample } from './statistics.ts';
import { startWorker } from './workers.ts';
import type { Worker } from './workers.ts';

/** Median and 99th percentile of each round, in microseconds. */
export interface TimedRounds {
  readonly median: Sample;
  readonly p99: Sample;
}

export interface Measured extends TimedRounds {
  readonly engine: string;
  readonly rules: number;
  readonly mix: Mix;
}

/** Most time a slow engine may spend on one round, ms. */
const BUDGET: Readonly<Record<Size, number>> = { smallest: 5, quick: 50, full: 1000 };
/** Questions of the first round that even the slowest engine answers, for the comparison. */
const COMPARED: Readonly<Record<Size, number>> = { smallest: 4, quick: 1, full: 4 };
const WARM_UP_RULES = 100;
const ROUNDS: Readonly<Record<Size, number>> = { smallest: 1, quick: 3, full: 15 };

export interface RunningEngine {
  readonly name: string;
  readonly process: Worker<unknown>;
}

/** Their processes go on from one size to the next, so that what is measured last is long compiled. */
export async function startEngines(): Promise<readonly RunningEngine[]> {
  return Promise.all(installedEngines().map(({ name }) => startEngine(name)));
}

async function startEngine(name: string): Promise<RunningEngine> {
  return { name, process: await startWorker('engine', { engine: name } satisfies EngineOptions) };
}

export async function stopEngines(engines: readonly RunningEngine[]): Promise<void> {
  for (const { process } of engines) await process.stop();
}

/** Every engine at one size of policy. */
export async function measureSchool(
  engines: readonly RunningEngine[],
  rules: number,
  size: Size,
): Promise<Measured[]> {
  const able = engines.filter(({ name }) => rules <= engineNamed(name).most[size]);
  await Promise.all(able.map(({ process }) => process.ask('open', { rules } satisfies SchoolCommand)));
  // Who asks makes no difference to the others: they go through the same rules.
  const own = able.filter(({ name }) => name === GATE);
  return [
    ...(await measureMix(able, 'hot', { rules, size })),
    ...(await measureMix(own, 'uniform', { rules, size })),
  ];
}

/** The gate alone, with questions as on an ordinary day. */
export async function measureGate(school: SchoolCommand, size: Size): Promise<TimedRounds> {
  const gate = await startEngine(GATE);
  // So that it is compiled by the time it counts.
  await measureSchool([gate], WARM_UP_RULES, size);
  await gate.process.ask('open', school);
  const [measured] = await measureMix([gate], 'hot', { rules: school.rules, size });
  await gate.process.stop();
  if (measured === undefined) throw new TypeError('expected what was measured of one engine');
  return measured;
}

async function measureMix(
  engines: readonly RunningEngine[],
  mix: Mix,
  { rules, size }: { readonly rules: number; readonly size: Size },
): Promise<Measured[]> {
  const rounds = ROUNDS[size];
  const budget = BUDGET[size];
  const asked: QuestionsCommand = { mix, rounds };
  await Promise.all(engines.map(({ process }) => process.ask('questions', asked)));
  await compareAnswers(engines, { budget, least: COMPARED[size] });
  const taken = engines.map((engine) => ({ ...engine, timed: [] as Timed[] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { process, timed } of taken)
      timed.push(await process.ask<Timed>('round', { round, budget } satisfies RoundCommand));
  }
  return taken.map(({ name, timed }) => ({
    engine: name,
    rules,
    mix,
    median: sampleOf(timed.map(({ median }) => median)),
    p99: sampleOf(timed.map(({ p99 }) => p99)),
  }));
}

/**
 * The first round counts for nobody, but its answers are compared: throws when two engines do not agree, for then their times
 * would be those of different work.
 */
async function compareAnswers(engines: readonly RunningEngine[], command: AnswersCommand): Promise<void> {
  const given: (readonly boolean[])[] = [];
  for (const { process } of engines) given.push(await process.ask<boolean[]>('answers', command));
  for (let at = 0; given.some((answers) => at < answers.length); at += 1) {
    const told = new Set(given.map((answers) => answers[at]).filter((answer) => answer !== undefined));
    if (told.size < 2) continue;
    const each = engines.map(({ name }, index) => `${name}: ${given[index]?.[at]}`).join(', ');
    throw new Error(`expected one answer to question ${at} of the first round, received ${each}`);
  }
}
