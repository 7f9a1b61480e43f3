/** 200 MB down and up through the gate, against the plainest proxy Node can be. */
import type { LoadResult, TransferCommand } from '../processes/load-client.ts';
import type { UpstreamReady } from '../processes/upstream.ts';
import { startGate } from '../support/gate.ts';
import { residentMemory, settledMemory } from '../support/process-figures.ts';
import { startPlainPipe } from '../support/proxies.ts';
import { seedDatabase } from '../support/seed.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { inRounds, sampleOf } from '../support/statistics.ts';
import { startWorker } from '../support/workers.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SIZES: Readonly<Record<Size, { readonly bytes: number; readonly rounds: number }>> = {
  smallest: { bytes: 2e6, rounds: 1 },
  quick: { bytes: 100e6, rounds: 3 },
  full: { bytes: 200e6, rounds: 9 },
};
const TOKEN = 'jg_token-of-the-bench';
const HEADERS = { authorization: `Bearer ${TOKEN}` };
const TARGET = { of: 'ratio', atLeast: 0.9 } as const;
/** What a gate may hold beyond what it held before: buffers on the way, and garbage not yet collected. */
const FLAT_MB = 64;

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const { bytes, rounds } = SIZES[size];
  await using data = await temporaryDirectory();
  const role = { subject: 'ada', role: 'role:full', server: '*', startsAt: null, expiresAt: null };
  await seedDatabase(data.path, {
    users: [{ name: 'ada', token: TOKEN }],
    grants: [{ id: 0, ...role, createdAt: 0, createdBy: 'bench' }],
  });
  const [upstream, client] = await Promise.all([
    startWorker<UpstreamReady>('upstream'),
    startWorker('load-client'),
  ]);
  const [gate, plain] = await Promise.all([
    startGate({ upstreamPort: upstream.ready.port, data: data.path }),
    startPlainPipe(upstream.ready.port),
  ]);
  const rate = async (way: 'download' | 'upload', port: number): Promise<number> => {
    const path = way === 'download' ? `/files/${bytes}.bin` : '/api/contents/big.bin';
    const command: TransferCommand = { port, path, headers: HEADERS, bytes };
    const { seconds } = await client.ask<LoadResult>(way, command);
    return bytes / 1e6 / seconds;
  };
  const before = await settledMemory(gate.pid);
  progress(`transfers of ${bytes / 1e6} MB`);
  const taken = await inRounds(rounds, {
    down: () => rate('download', gate.port),
    plainDown: () => rate('download', plain.port),
    up: () => rate('upload', gate.port),
    plainUp: () => rate('upload', plain.port),
  });
  const grown = (residentMemory(gate.pid).most - before) / 2 ** 20;
  await Promise.all([gate, plain, client, upstream].map((each) => each.stop()));
  const peer = (values: readonly number[]) => ({ name: 'plain node:http', value: sampleOf(values) });
  const megabytes = bytes / 1e6;
  return [
    {
      name: `a download of ${megabytes} MB`,
      unit: 'MB/s',
      value: sampleOf(taken.down),
      peer: peer(taken.plainDown),
      target: TARGET,
    },
    {
      name: `an upload of ${megabytes} MB`,
      unit: 'MB/s',
      value: sampleOf(taken.up),
      peer: peer(taken.plainUp),
      target: TARGET,
    },
    {
      name: 'memory beyond that before, at most, while transferring',
      unit: 'MB',
      value: sampleOf([grown]),
      target: { of: 'value', atMost: FLAT_MB },
    },
  ];
}

export const transfer: Row = { name: 'transfer', title: 'Large bodies', run };
