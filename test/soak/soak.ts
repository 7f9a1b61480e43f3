/** Many people at work on one gate for a while, and what the gate's process holds at the beginning and at the end. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gateClient } from '../support/gate-client.ts';
import { serve } from '../support/gate-process.ts';
import { descriptorsOf, residentBytesOf } from '../support/process-stat.ts';
import { until } from '../support/until.ts';
import { workloads } from './workloads.ts';

export interface SoakOptions {
  readonly milliseconds: number;
  /** How many people work at the same time. */
  readonly people: number;
  readonly report: (line: string) => void;
}

export interface Sample {
  /** Milliseconds since the work began. */
  readonly at: number;
  readonly residentBytes: number;
  readonly descriptors: number;
}

export interface SoakResult {
  /** While work goes on. */
  readonly samples: readonly Sample[];
  /** Before any work, and when all of it is over. */
  readonly descriptors: { readonly before: number; readonly after: number };
  readonly rounds: number;
  /** What went wrong, each kind once with how often. */
  readonly failures: ReadonlyMap<string, number>;
}

const SAMPLES = 90;

/** Starts the built program in front of a real Jupyter Server, works, and stops it. */
export async function soak({ milliseconds, people, report }: SoakOptions): Promise<SoakResult> {
  const directory = await mkdtemp(join(tmpdir(), 'gate-soak-'));
  const [data, notebooks] = [join(directory, 'data'), join(directory, 'notebooks')];
  const gate = serve(directory, ['--data', data, '--notebook-dir', notebooks]);
  try {
    const started = await gate.ready();
    const token = readFileSync(join(data, 'admin.token'), 'utf8').trim();
    const client = gateClient({ ...started, token, notebooks });
    const team = await workloads(client, people);
    // One round of each first: what is opened once and kept is no leak.
    await Promise.all(team.map((work) => work(0)));
    const before = await settled(gate.pid);
    const samples: Sample[] = [];
    const failures = new Map<string, number>();
    const from = performance.now();
    const elapsed = (): number => performance.now() - from;
    let rounds = 0;
    const working = team.map(async (work) => {
      for (let round = 1; elapsed() < milliseconds; round += 1) {
        await work(round).catch((error: unknown) => {
          const what = String(error);
          failures.set(what, (failures.get(what) ?? 0) + 1);
        });
        rounds += 1;
      }
    });
    while (elapsed() < milliseconds) {
      await delay(milliseconds / SAMPLES);
      const sample = {
        at: elapsed(),
        residentBytes: residentBytesOf(gate.pid),
        descriptors: descriptorsOf(gate.pid),
      };
      samples.push(sample);
      if (samples.length % 6 === 0) report(line(sample, rounds));
    }
    await Promise.all(working);
    return { samples, descriptors: { before, after: await settled(gate.pid, before) }, rounds, failures };
  } finally {
    gate.signal('SIGTERM');
    await gate.ended;
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Descriptors once they change no more; waits for them to come down to `expected`, a minute at most. */
async function settled(pid: number, expected = 0): Promise<number> {
  let last = -1;
  await until(async () => {
    const now = descriptorsOf(pid);
    const isSettled = now === last || now <= expected;
    last = now;
    await delay(500);
    return isSettled && (expected === 0 || now <= expected);
  }, 'the descriptors settle').catch(() => undefined);
  return last;
}

function line({ at, residentBytes, descriptors }: Sample, rounds: number): string {
  const megabytes = (residentBytes / 1024 / 1024).toFixed(0);
  return `${(at / 1000).toFixed(0).padStart(5)} s  ${megabytes.padStart(5)} MB  ${String(descriptors).padStart(4)} descriptors  ${rounds} rounds`;
}
