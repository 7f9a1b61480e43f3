/** 200 MB down and up through the gate, against the plainest proxy Node can be. */
import type { LoadResult, TransferCommand } from '../processes/load-client.ts';
import type { UpstreamReady } from '../processes/upstream.ts';
import { startGate } from '../support/gate.ts';
import { residentMemory, settledMemory } from '../support/process-figures.ts';
import { startPlainPipe } from '../support/proxies.ts';
import { seedDatabase } from '../support/seed.ts';
import type { Context, Figure, Row } from '../support/row.ts';
import { inRounds, sampleOf } from '../support/statistics.ts';
import { startWorker } from '../support/workers.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/**
 * `warmUps`: transfers each way that are not counted; V8 compiles what matters, in the gate and in the pipe, during the first
 * three. `patience`: how long memory may not fall before it counts as settled, ms.
 */
const SIZES = {
  smallest: { bytes: 2e6, warmUps: 1, rounds: 1, patience: 100 },
  quick: { bytes: 100e6, warmUps: 1, rounds: 5, patience: 500 },
  full: { bytes: 200e6, warmUps: 3, rounds: 9, patience: 1500 },
} as const;
const TOKEN = 'jg_token-of-the-bench';
const HEADERS = { authorization: `Bearer ${TOKEN}` };
const ADA = { subject: 'ada', role: 'role:full', server: '*', startsAt: null, expiresAt: null };
const SEED = {
  users: [{ name: 'ada', token: TOKEN }],
  grants: [{ id: 0, ...ADA, createdAt: 0, createdBy: 'bench' }],
};
const PLAIN = 'plain node:http';
const PATHS = {
  download: (bytes: number) => `/files/${bytes}.bin`,
  upload: () => '/api/contents/big.bin',
};
type Way = keyof typeof PATHS;
/** What a gate may hold beyond what it held before: buffers on the way, and garbage not yet collected. */
const FLAT_MB = 64;

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const { bytes, warmUps, rounds, patience } = SIZES[size];
  await using data = await temporaryDirectory();
  await seedDatabase(data.path, SEED);
  const [upstream, client] = await Promise.all([
    startWorker<UpstreamReady>('upstream'),
    startWorker('load-client'),
  ]);
  const [gate, plain] = await Promise.all([
    startGate({ upstreamPort: upstream.ready.port, data: data.path }),
    startPlainPipe(upstream.ready.port),
  ]);
  const over = (way: Way, port: number) => async () => {
    const command: TransferCommand = { port, path: PATHS[way](bytes), headers: HEADERS, bytes };
    const { seconds } = await client.ask<LoadResult>(way, command);
    return bytes / 1e6 / seconds;
  };
  const ways = {
    down: over('download', gate.port),
    plainDown: over('download', plain.port),
    up: over('upload', gate.port),
    plainUp: over('upload', plain.port),
  };
  const pids = [gate.pid, ...plain.pids];
  const before = await Promise.all(pids.map((pid) => settledMemory(pid, patience)));
  progress(`transfers of ${bytes / 1e6} MB`);
  // Each run of rounds has one before it that does not count.
  await inRounds(warmUps - 1, ways);
  const taken = await inRounds(rounds, ways);
  const [own = 0, peer = 0] = pids.map((pid, at) => residentMemory(pid).most - (before[at] ?? 0));
  await Promise.all([gate, plain, client, upstream].map((each) => each.stop()));
  return [
    rate(`a download of ${bytes / 1e6} MB`, taken.down, taken.plainDown),
    rate(`an upload of ${bytes / 1e6} MB`, taken.up, taken.plainUp),
    {
      name: 'memory beyond that before, at most, while transferring',
      unit: 'MB',
      value: sampleOf([own / 2 ** 20]),
      peer: { name: PLAIN, value: sampleOf([peer / 2 ** 20]) },
      target: { of: 'value', atMost: FLAT_MB },
    },
  ];
}

function rate(name: string, own: readonly number[], plain: readonly number[]): Figure {
  const peer = { name: PLAIN, value: sampleOf(plain) };
  return { name, unit: 'MB/s', value: sampleOf(own), peer, target: { of: 'ratio', atLeast: 0.9 } };
}

export const transfer: Row = { name: 'transfer', title: 'Large bodies', run };
