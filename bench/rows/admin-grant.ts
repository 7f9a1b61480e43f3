/** A grant through the admin API with 100,000 rules in force: answered, durable and in force, against the disk's own fsync. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpstreamReady } from '../processes/upstream.ts';
import { startGate } from '../support/gate.ts';
import type { BenchGate } from '../support/gate.ts';
import { grouped } from '../support/row.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { copySchool, newcomerName } from '../support/school-database.ts';
import { quantile, sampleOf } from '../support/statistics.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { startWorker } from '../support/workers.ts';

const SIZES: Readonly<Record<Size, { readonly rules: number; readonly grants: number }>> = {
  smallest: { rules: 100, grants: 2 },
  quick: { rules: 100_000, grants: 100 },
  full: { rules: 100_000, grants: 200 },
};
const PAGE = 4096;

interface Decision {
  readonly verdict: { readonly allowed: boolean };
}

async function run({ size, shared, progress }: Context): Promise<readonly Figure[]> {
  const { rules, grants } = SIZES[size];
  await using directory = await temporaryDirectory();
  const data = directory.path;
  await copySchool(rules, data, { shared, progress });
  const upstream = await startWorker<UpstreamReady>('upstream');
  const gate = await startGate({ upstreamPort: upstream.ready.port, data });
  const [latencies, syncs]: [number[], number[]] = [[], []];
  progress(`${grants} grants`);
  for (let index = 0; index < grants; index += 1) {
    syncs.push(await timeOf(() => writeThrough(data)));
    latencies.push(await timeOf(() => gate.admin('PUT', `/users/${newcomerName(index)}/roles/role:full`)));
    await checkInForce(gate, index);
  }
  await gate.stop();
  await upstream.stop();
  return figures(rules, sorted(latencies), sorted(syncs));
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

/** What a commit costs the disk at least: one page to the end of a file, and back only when it is safe. */
async function writeThrough(directory: string): Promise<void> {
  const file = await open(join(directory, 'fsync.probe'), 'a');
  await file.write(Buffer.alloc(PAGE));
  await file.datasync();
  await file.close();
}

/** Throws when the answer came before the right did. */
async function checkInForce(gate: BenchGate, index: number): Promise<void> {
  const asked = { sub: newcomerName(index), res: 'contents', act: 'read', path: '/a' };
  const { verdict } = (await gate.admin('POST', '/decisions', asked)) as Decision;
  if (!verdict.allowed) throw new Error('expected the grant to be in force when it was answered');
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function figures(rules: number, latencies: readonly number[], syncs: readonly number[]): Figure[] {
  const name = `a grant through the admin API, ${grouped(rules)} rules`;
  const beyond = (share: number): number => quantile(latencies, share) - quantile(syncs, share);
  const note = `of ${latencies.length} grants`;
  return [
    { name: "a page written and the disk's own fsync", unit: 'ms', value: sampleOf(syncs) },
    { name, unit: 'ms', value: sampleOf(latencies) },
    {
      name: `${name}, p50 beyond fsync`,
      unit: 'ms',
      value: sampleOf([beyond(0.5)]),
      target: { of: 'value', atMost: 5 },
      note,
    },
    {
      name: `${name}, p99 beyond fsync`,
      unit: 'ms',
      value: sampleOf([beyond(0.99)]),
      target: { of: 'value', atMost: 20 },
      note,
    },
  ];
}

export const adminGrant: Row = { name: 'admin-grant', title: 'A change of the policy', run };
