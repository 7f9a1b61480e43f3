/** From SQLite to a gate that is ready: time and resident memory of a process of its own, and the turns it takes. */
import { join } from 'node:path';
import type { UpstreamReady } from '../processes/upstream.ts';
import { measureGate } from '../support/measure-verdicts.ts';
import { startGate } from '../support/gate.ts';
import { canMeasureProcesses, residentMemory, settledMemory } from '../support/process-figures.ts';
import { grouped } from '../support/row.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { copySchool } from '../support/school-database.ts';
import { sampleOf } from '../support/statistics.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { turnsOf } from '../support/turns.ts';
import { startWorker } from '../support/workers.ts';
import { systemClock } from '../../src/core/clock.ts';
import { buildSnapshot } from '../../src/decide/build-snapshot.ts';
import { openStore } from '../../src/store/open-store.ts';

interface Target {
  readonly seconds: number;
  readonly megabytes: number;
}

const TARGETS: Readonly<Record<number, Target>> = {
  100_000: { seconds: 2, megabytes: 300 },
  1_000_000: { seconds: 20, megabytes: 1500 },
};
const RULES: Readonly<Record<Size, readonly number[]>> = {
  smallest: [100],
  quick: [100_000],
  full: [100_000, 1_000_000],
};
const ROUNDS: Readonly<Record<Size, number>> = { smallest: 1, quick: 1, full: 5 };
const MILLION = 1_000_000;
/** So long may a request wait for the policy to be read or built, ms. */
const REQUEST_WAITS = 10;

async function run({ size, shared, progress }: Context): Promise<readonly Figure[]> {
  const upstream = await startWorker<UpstreamReady>('upstream');
  const figures: Figure[] = [];
  for (const rules of RULES[size]) {
    const rounds = rules === MILLION ? 1 : ROUNDS[size];
    figures.push(...(await load(rules, rounds, { upstreamPort: upstream.ready.port, shared, progress })));
  }
  await upstream.stop();
  if (size === 'full') {
    progress('verdicts at 1,000,000 rules');
    const { median } = await measureGate({ rules: MILLION }, size);
    figures.push({
      name: `one verdict, ${grouped(MILLION)} rules, hot, median`,
      unit: 'µs',
      value: median,
      target: { of: 'value', atMost: 3 },
    });
  }
  return figures;
}

async function load(
  rules: number,
  rounds: number,
  {
    upstreamPort,
    shared,
    progress,
  }: Pick<Context, 'shared' | 'progress'> & { readonly upstreamPort: number },
): Promise<Figure[]> {
  await using directory = await temporaryDirectory();
  const data = directory.path;
  await copySchool(rules, data, { shared, progress });
  const [times, memory, peak]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    progress(`loading ${grouped(rules)} rules, round ${round + 1} of ${rounds}`);
    const gate = await startGate({ upstreamPort, data });
    times.push(gate.startedIn / 1000);
    memory.push((await settledMemory(gate.pid, 500)) / 2 ** 20);
    peak.push(residentMemory(gate.pid).most / 2 ** 20);
    await gate.stop();
  }
  const name = `${grouped(rules)} rules + ${grouped(rules)} grants from SQLite`;
  const target = TARGETS[rules];
  const turns = rules === MILLION || !canMeasureProcesses ? [] : await turnsOfLoading(data);
  return [
    {
      name: `${name} to ready, start of the process included`,
      unit: 's',
      value: sampleOf(times),
      ...(target === undefined ? {} : { target: { of: 'value', atMost: target.seconds } }),
    },
    {
      name: `${name}, resident`,
      unit: 'MB',
      value: sampleOf(memory),
      ...(target === undefined ? {} : { target: { of: 'value', atMost: target.megabytes } }),
    },
    { name: `${name}, resident at most while loading`, unit: 'MB', value: sampleOf(peak) },
    ...figuresOfTurns(name, turns),
  ];
}

async function turnsOfLoading(data: string): Promise<readonly number[]> {
  const database = `sqlite:${join(data, 'gate.sqlite')}`;
  const store = await openStore({ database, server: 'default', clock: systemClock });
  const turns = await turnsOf(async () => {
    const document = await store.read.policy();
    if (document === undefined) throw new Error('expected a policy, found none');
    await buildSnapshot(document, { clock: systemClock, allowDefaultAllow: false });
  });
  await store.close();
  return turns;
}

function figuresOfTurns(name: string, turns: readonly number[]): Figure[] {
  const [longest] = turns;
  if (longest === undefined) return [];
  const late = turns.filter((each) => each > REQUEST_WAITS).length;
  const target = { of: 'value', atMost: REQUEST_WAITS } as const;
  return [
    { name: `${name}, the longest turn, processor time`, unit: 'ms', value: sampleOf([longest]), target },
    {
      name: `${name}, turns of more than ${REQUEST_WAITS} ms (of ${grouped(turns.length)})`,
      unit: '',
      value: sampleOf([late]),
      target: { of: 'value', atMost: 0 },
    },
  ];
}

export const loading: Row = { name: 'load', title: 'Loading a policy', run };
